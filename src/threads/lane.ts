import { Worker } from "node:worker_threads";
import { AnomalyError } from "../errors/errors.js";
import type { Answer } from "./serve.js";

/** A task or an answer with the number that it is known by. */
export interface Numbered<T> {
  readonly id: number;
  readonly body: T;
}

/** One thread that lives as long as the process does. It is started by its first task, and again after it has died. */
export interface Lane {
  /**
   * Gives the thread a task. Tasks may overlap: it is the thread that decides what waits for what.
   *
   * @throws what the task threw; an Error where the thread died before its end.
   */
  readonly do: <Task, Result, Note = never>(task: Task, onNote?: (note: Note) => void) => Promise<Result>;
  /** Ends the thread; tasks that are under way fail. */
  readonly close: () => Promise<void>;
}

interface Pending {
  readonly settle: (answer: Answer<unknown, unknown>) => void;
  readonly fail: (cause: Error) => void;
}

/** @param script the thread's module, which calls `answerTasks`. @param onDeath takes the reason each time the thread has died. */
export function openLane(script: URL, onDeath: (reason: string) => void = () => {}): Lane {
  const pending = new Map<number, Pending>();
  let worker: Worker | undefined;
  let isClosed = false;
  let next = 0;

  const start = (): Worker => {
    const fresh = new Worker(script);
    let reason = "it ended";
    fresh.on("message", ({ id, body }: Numbered<Answer<unknown, unknown>>) => pending.get(id)?.settle(body));
    fresh.on("error", (cause) => {
      reason = cause.message;
    });
    fresh.on("exit", () => {
      if (worker === fresh) worker = undefined;
      const left = [...pending.values()];
      pending.clear();
      for (const one of left) one.fail(new Error(`the thread ended before its work was done: ${reason}`));
      if (!isClosed) onDeath(reason);
    });
    return fresh;
  };

  return {
    do: <Task, Result, Note>(task: Task, onNote: (note: Note) => void = () => {}) =>
      new Promise<Result>((resolve, reject) => {
        if (isClosed) return reject(new Error("the thread is closed"));
        worker ??= start();
        const id = next++;
        pending.set(id, {
          fail: reject,
          settle: (answer) => {
            if (answer.kind === "note") return onNote(answer.note as Note);
            pending.delete(id);
            if (answer.kind === "result") return resolve(answer.result as Result);
            const { code, exitCode, message } = answer.failure;
            reject(exitCode === null ? new Error(message) : new AnomalyError(code, exitCode, message));
          },
        });
        worker.postMessage({ id, body: task } satisfies Numbered<Task>);
      }),
    close: async () => {
      isClosed = true;
      await worker?.terminate();
    },
  };
}

import { Worker } from "node:worker_threads";
import { AnomalyError } from "../errors/errors.js";
import type { Answer, Failure } from "./serve.js";

/** Some threads of one kind that do tasks. */
export interface Crew {
  /**
   * Does all tasks, each by the next thread that is free; the results come in the order of the tasks, so they do not depend on
   * the number of threads. The first failure ends it.
   */
  readonly doAll: <Task, Result, Note = never>(
    tasks: readonly Task[],
    heard?: {
      readonly onResult?: (task: number, result: Result) => void;
      readonly onNote?: (task: number, note: Note) => void;
    },
  ) => Promise<Result[]>;
  /** Does all tasks; `take` gets each result, and a thread continues once it is taken. Nothing is kept. */
  readonly each: <Task, Result>(
    tasks: readonly Task[],
    take: (task: number, result: Result) => void | Promise<void>,
  ) => Promise<void>;
  /** The same task by every thread: something that all of them need. */
  readonly tellAll: <Task>(task: Task) => Promise<void>;
}

/**
 * Starts threads, works with them, and ends them whatever happens.
 *
 * @param script the thread's module, which calls `serve`. @param signal ends all threads when it is aborted.
 */
export async function withCrew<T>(
  script: URL,
  { threads, data, signal }: { readonly threads: number; readonly data?: unknown; readonly signal?: AbortSignal },
  work: (crew: Crew) => Promise<T>,
): Promise<T> {
  signal?.throwIfAborted();
  const workers = Array.from({ length: threads }, () => new Worker(script, { workerData: data }));
  const stop = () => {
    for (const worker of workers) void worker.terminate();
  };
  signal?.addEventListener("abort", stop, { once: true });
  try {
    return await work({
      doAll: (tasks, heard = {}) => doAll(workers, tasks, heard, signal),
      each: (tasks, take) => each(workers, tasks, take, () => {}, signal),
      tellAll: async (task) => {
        await Promise.all(workers.map((worker) => doAll([worker], [task], {}, signal)));
      },
    });
  } finally {
    signal?.removeEventListener("abort", stop);
    await Promise.all(workers.map((worker) => worker.terminate()));
  }
}

async function doAll<Task, Result, Note>(
  workers: readonly Worker[],
  tasks: readonly Task[],
  heard: {
    readonly onResult?: (task: number, result: Result) => void;
    readonly onNote?: (task: number, note: Note) => void;
  },
  signal: AbortSignal | undefined,
): Promise<Result[]> {
  const results = new Array<Result>(tasks.length);
  const keep = (task: number, result: Result) => {
    results[task] = result;
    heard.onResult?.(task, result);
  };
  await each<Task, Result, Note>(workers, tasks, keep, (task, note) => heard.onNote?.(task, note), signal);
  return results;
}

async function each<Task, Result, Note>(
  workers: readonly Worker[],
  tasks: readonly Task[],
  take: (task: number, result: Result) => void | Promise<void>,
  onNote: (task: number, note: Note) => void,
  signal: AbortSignal | undefined,
): Promise<void> {
  let next = 0;
  const work = async (worker: Worker) => {
    while (next < tasks.length) {
      const task = next++;
      await take(task, await doOne<Task, Result, Note>(worker, tasks[task], signal, (note) => onNote(task, note)));
    }
  };
  await Promise.all(workers.slice(0, tasks.length).map(work));
}

function doOne<Task, Result, Note>(
  worker: Worker,
  task: Task,
  signal: AbortSignal | undefined,
  onNote: (note: Note) => void,
): Promise<Result> {
  return new Promise((resolve, reject) => {
    const leave = () => {
      worker.off("message", hear);
      worker.off("error", fail);
      worker.off("exit", ended);
    };
    const fail = (thrown: unknown) => {
      leave();
      reject(thrown);
    };
    const ended = () => fail(signal?.reason ?? new Error("a thread ended before its work was done"));
    const hear = (answer: Answer<Result, Note>) => {
      // What a listener throws (an interrupt) must end the work, not the program.
      try {
        if (answer.kind === "note") return onNote(answer.note);
        leave();
        if (answer.kind === "failure") reject(asError(answer.failure));
        else resolve(answer.result);
      } catch (thrown) {
        fail(thrown);
      }
    };
    worker.on("message", hear);
    worker.on("error", fail);
    worker.on("exit", ended);
    worker.postMessage(task);
  });
}

function asError({ code, exitCode, message }: Failure): Error {
  return exitCode === null ? new Error(message) : new AnomalyError(code, exitCode, message);
}

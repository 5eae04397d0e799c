import { parentPort } from "node:worker_threads";
import { AnomalyError, type ExitCode, messageOf } from "../errors/errors.js";

/** What a thread says: progress on the way, and at the end of each task its result or its failure. */
export type Answer<Result, Note> =
  | { readonly kind: "note"; readonly note: Note }
  | { readonly kind: "result"; readonly result: Result }
  | { readonly kind: "failure"; readonly failure: Failure };

/** What an error says of itself: its class does not survive the way between threads. */
export interface Failure {
  readonly code: string;
  readonly exitCode: ExitCode | null;
  readonly message: string;
}

/**
 * Makes the thread that calls it do one task after the other, as the crew sends them.
 *
 * @param work may note progress; buffers named by `transfer` are handed over instead of copied.
 */
export function serve<Task, Result, Note = never>(
  work: (task: Task, note: (note: Note) => void) => Result | Promise<Result>,
  transfer: (result: Result) => readonly ArrayBuffer[] = () => [],
): void {
  const say = (answer: Answer<Result, Note>, buffers: readonly ArrayBuffer[] = []) =>
    parentPort?.postMessage(answer, buffers);
  parentPort?.on("message", async (task: Task) => {
    try {
      const result = await work(task, (note) => say({ kind: "note", note }));
      say({ kind: "result", result }, transfer(result));
    } catch (thrown) {
      say({ kind: "failure", failure: failureOf(thrown) });
    }
  });
}

/** What an error says of itself, for the way to another thread. */
export function failureOf(thrown: unknown): Failure {
  const known = thrown instanceof AnomalyError;
  return {
    code: known ? thrown.code : "thread",
    exitCode: known ? thrown.exitCode : null,
    message: messageOf(thrown),
  };
}

import { parentPort } from "node:worker_threads";
import type { Numbered } from "./lane.js";
import { type Answer, failureOf } from "./serve.js";

/**
 * Makes the thread that calls it the other end of a lane: every task is begun when it arrives, also while others are under way.
 *
 * @param work may note progress; buffers that it names beside a note are handed over instead of copied.
 */
export function answerTasks<Task, Result, Note = never>(
  work: (task: Task, note: (note: Note, transfer?: readonly ArrayBuffer[]) => void) => Result | Promise<Result>,
): void {
  parentPort?.on("message", async ({ id, body }: Numbered<Task>) => {
    const say = (answer: Answer<Result, Note>, buffers: readonly ArrayBuffer[] = []) =>
      parentPort?.postMessage({ id, body: answer } satisfies Numbered<Answer<Result, Note>>, buffers);
    try {
      say({ kind: "result", result: await work(body, (note, buffers) => say({ kind: "note", note }, buffers)) });
    } catch (thrown) {
      say({ kind: "failure", failure: failureOf(thrown) });
    }
  });
}

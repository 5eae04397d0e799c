import { breathe } from "./breathe.js";
import { withCrew } from "./crew.js";

/** A kind of work that any thread can do. */
export interface Workshop<Data, Task, Result> {
  /** The threads' module; it calls `serve` and finds `data` as its `workerData`. */
  readonly script: URL;
  /** What all tasks need; plain data. */
  readonly data: Data;
  /** Does a task in this thread, as the script would. */
  readonly here: (task: Task, data: Data) => Result | Promise<Result>;
}

export interface WorkOptions<Result> {
  /** 1: everything is done in this thread, with a breath after each task. */
  readonly threads: number;
  readonly signal?: AbortSignal;
  /** Takes each result, in the order of the tasks if `inOrder`; a thread waits for it before its next task. What it throws ends the work. */
  readonly onResult: (task: number, result: Result) => void | Promise<void>;
  readonly inOrder?: boolean;
}

/**
 * Does all tasks with some threads or in this one; the results are the same. They are handed on and not kept, so no more than one
 * for each thread is in memory, however many tasks there are.
 *
 * @throws the first failure, or the reason of the signal.
 */
export async function workThrough<Data, Task, Result>(
  tasks: readonly Task[],
  { script, data, here }: Workshop<Data, Task, Result>,
  { threads, signal, onResult, inOrder = false }: WorkOptions<Result>,
): Promise<void> {
  if (threads === 1) {
    for (const [i, task] of tasks.entries()) {
      signal?.throwIfAborted();
      await onResult(i, await here(task, data));
      await breathe(signal);
    }
    return;
  }
  let turn = 0;
  const waiting = new Map<number, () => void>();
  const inTurn = async (task: number, result: Result) => {
    if (task !== turn) await new Promise<void>((resolve) => waiting.set(task, resolve));
    await onResult(task, result);
    waiting.get(++turn)?.();
  };
  await withCrew(script, { threads, data, signal }, (crew) => crew.each(tasks, inOrder ? inTurn : onResult));
  signal?.throwIfAborted();
}

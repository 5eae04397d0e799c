import { existsSync } from "node:fs";
import { availableParallelism } from "node:os";
import { fileURLToPath } from "node:url";
import { Worker } from "node:worker_threads";
import { type DrawJob, type DrawLook, type Drawn, drawJob } from "./draw-job.js";

export interface DrawAllOptions {
  /** Default: one a processor, at most 4; this thread alone for few pictures. */
  readonly threads?: number;
  readonly signal?: AbortSignal;
  /** Takes each picture in the order of the jobs. What it throws ends the run. */
  readonly onDrawn: (index: number, drawn: Drawn) => void | Promise<void>;
}

/** Loading the libraries takes a thread as long as about so many pictures. */
const PICTURES_WORTH_A_THREAD = 6;
/** A thread holds the libraries, 90 MB. */
const MOST_THREADS = 4;
const WORKER = new URL("./draw-worker.js", import.meta.url);

/**
 * Draws many pictures, several at a time. They are handed out in the order of the jobs and are the same for any number of
 * threads; no more than one for each thread is in memory, however many there are.
 */
export async function drawAll(jobs: readonly DrawJob[], look: DrawLook, options: DrawAllOptions): Promise<void> {
  const wanted =
    options.threads ??
    Math.min(availableParallelism(), MOST_THREADS, Math.floor(jobs.length / PICTURES_WORTH_A_THREAD));
  // Where the sources are run without a build there is no file that a thread could start from.
  const threads = existsSync(fileURLToPath(WORKER)) ? Math.min(wanted, jobs.length) : 1;
  if (threads > 1) return inThreads(jobs, look, threads, options);
  for (let i = 0; i < jobs.length; i++) {
    options.signal?.throwIfAborted();
    await options.onDrawn(i, await drawJob(jobs[i], look));
  }
}

async function inThreads(
  jobs: readonly DrawJob[],
  look: DrawLook,
  threads: number,
  { signal, onDrawn }: DrawAllOptions,
): Promise<void> {
  let [next, turn] = [0, 0];
  const waiting = new Map<number, () => void>();
  const inTurn = async (i: number, drawn: Drawn) => {
    if (i !== turn) await new Promise<void>((resolve) => waiting.set(i, resolve));
    await onDrawn(i, drawn);
    waiting.get(++turn)?.();
  };
  const workers = Array.from({ length: threads }, () => new Worker(WORKER, { workerData: look }));
  const work = async (worker: Worker) => {
    while (next < jobs.length) {
      signal?.throwIfAborted();
      const i = next++;
      await inTurn(i, await ask(worker, jobs[i]));
    }
  };
  const stop = () => {
    for (const worker of workers) void worker.terminate();
  };
  signal?.addEventListener("abort", stop, { once: true });
  try {
    await Promise.all(workers.map(work));
  } catch (failure) {
    signal?.throwIfAborted();
    throw failure;
  } finally {
    signal?.removeEventListener("abort", stop);
    await Promise.all(workers.map((worker) => worker.terminate()));
  }
}

function ask(worker: Worker, job: DrawJob): Promise<Drawn> {
  return new Promise((resolve, reject) => {
    const settle = () => {
      worker.off("message", take);
      worker.off("error", fail);
      worker.off("exit", end);
    };
    const take = (drawn: Drawn) => {
      settle();
      resolve(drawn);
    };
    const fail = (failure: unknown) => {
      settle();
      reject(failure);
    };
    const end = () => fail(new Error("a thread ended before its picture was drawn"));
    worker.on("message", take);
    worker.on("error", fail);
    worker.on("exit", end);
    worker.postMessage(job);
  });
}

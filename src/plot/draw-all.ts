import { availableParallelism } from "node:os";
import { threadsWorth } from "../threads/threads-worth.js";
import { workThrough } from "../threads/work-through.js";
import { type DrawJob, type DrawLook, type Drawn, drawJob } from "./draw-job.js";

export interface DrawAllOptions {
  /** Default: one a processor, at most 4; this thread alone for few pictures. */
  readonly threads?: number;
  readonly signal?: AbortSignal;
  /** Takes each picture in the order of the jobs. What it throws ends the run. */
  readonly onDrawn: (index: number, drawn: Drawn) => void | Promise<void>;
}

/** Loading the libraries takes a thread as long as about this many pictures. */
const PICTURES_WORTH_A_THREAD = 6;
/** A thread holds the libraries, 90 MB. */
const MOST_THREADS = 4;
const WORKER = new URL("./draw-worker.js", import.meta.url);

/**
 * Draws many pictures, several at a time. They are handed out in the order of the jobs and are the same for any number of
 * threads; no more than one for each thread is in memory, however many there are.
 */
export async function drawAll(jobs: readonly DrawJob[], look: DrawLook, options: DrawAllOptions): Promise<void> {
  const asked = options.threads ?? Math.min(availableParallelism(), MOST_THREADS, share(jobs.length));
  const threads = threadsWorth(WORKER, { asked, share: share(jobs.length), parts: jobs.length });
  const workshop = { script: WORKER, data: look, here: drawJob };
  await workThrough<DrawLook, DrawJob, Drawn>(jobs, workshop, {
    threads,
    signal: options.signal,
    onResult: options.onDrawn,
    inOrder: true,
  });
}

const share = (pictures: number) => Math.floor(pictures / PICTURES_WORTH_A_THREAD);

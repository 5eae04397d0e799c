import type { StoredSeries } from "../../../shelf/stored-series.js";
import { breathe } from "../../../threads/breathe.js";
import { withCrew } from "../../../threads/crew.js";
import { threadsWorth } from "../../../threads/threads-worth.js";
import { progressOf, type TrainProgress } from "./train.js";
import { SERIES_PARTS, type Trained, type TrainOptions, training } from "./training.js";
import { openStep } from "./training-steps.js";
import type { TrainingTask } from "./training-worker.js";

export interface ThreadOptions {
  /** Default: as many as there are processors, and none beside this one where there is little to do. */
  readonly threads?: number;
  readonly onProgress?: (progress: TrainProgress) => void;
  /** Ends all threads when it is aborted. */
  readonly signal?: AbortSignal;
}

/** Below this many slots starting a thread takes longer than it saves. */
const SLOTS_WORTH_A_THREAD = 250_000;
const WORKER = new URL("./training-worker.js", import.meta.url);

/**
 * Learns as `trainModel` does, with several threads that share the values. What comes out is the same to the last bit,
 * whatever the number of threads: each part of the work is done by itself, and the results are taken in the order of the
 * parts.
 */
export async function trainInThreads(
  series: readonly StoredSeries[],
  options: TrainOptions,
  { threads: asked, onProgress, signal }: ThreadOptions,
): Promise<Trained> {
  const slots = series.reduce((sum, { length }) => sum + length, 0);
  const threads = threadsWorth(WORKER, { asked, share: slots / SLOTS_WORTH_A_THREAD, parts: SERIES_PARTS });
  if (threads === 1) return trainHere(series, options, { onProgress, signal });
  return withCrew(WORKER, { threads, signal }, async (crew) => {
    const course = training(series, options);
    let next = course.next();
    while (next.done !== true) {
      const batch = next.value;
      await crew.tellAll<TrainingTask>({ kind: "open", step: batch.step, shared: batch.shared });
      let done = 0;
      const tasks = batch.parts.map((part): TrainingTask => ({ kind: "part", part }));
      const results = await crew.doAll<TrainingTask, unknown>(tasks, {
        onResult: () => onProgress?.(progressOf(batch, ++done)),
      });
      next = course.next(results);
    }
    return next.value;
  });
}

async function trainHere(
  series: readonly StoredSeries[],
  options: TrainOptions,
  { onProgress, signal }: ThreadOptions,
): Promise<Trained> {
  const course = training(series, options);
  let next = course.next();
  while (next.done !== true) {
    const batch = next.value;
    const work = openStep(batch.step, batch.shared);
    const results: unknown[] = [];
    for (const part of batch.parts) {
      results.push(work(part));
      onProgress?.(progressOf(batch, results.length));
      await breathe(signal);
    }
    next = course.next(results);
  }
  return next.value;
}

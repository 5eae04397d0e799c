import type { Series } from "../../../series/series.js";
import { storeInMemory } from "../../../shelf/stored-series.js";
import { type Trained, type TrainOptions, training } from "./training.js";
import { type Batch, openStep, type TrainPhase } from "./training-steps.js";

export { DEFAULT_TRAINING, type Trained, type TrainOptions, type TrainSummary } from "./training.js";
export type { TrainPhase } from "./training-steps.js";

export interface TrainProgress {
  readonly phase: TrainPhase;
  /** 0–1 within the phase. */
  readonly done: number;
}

/**
 * Learns one consolidated model for a family of series on one grid step, here and now; `trainInThreads` gives the same to the
 * last bit.
 *
 * @param series all of one `stepMs`; NaN is a missing slot. They are not changed.
 * @throws InputError if no series is left, steps differ, or the history is shorter than three days.
 */
export function trainModel(
  series: readonly Series[],
  options: TrainOptions,
  onProgress?: (progress: TrainProgress) => void,
): Trained {
  const course = training(series.map(storeInMemory), options);
  let next = course.next();
  while (next.done !== true) {
    const batch = next.value;
    const work = openStep(batch.step, batch.shared);
    const results = batch.parts.map((part, i) => {
      const result = work(part);
      onProgress?.(progressOf(batch, i + 1));
      return result;
    });
    next = course.next(results);
  }
  return next.value;
}

/** Where a training is once `done` parts of a batch are. */
export function progressOf({ phase, parts, progress: [from, until] }: Batch, done: number): TrainProgress {
  return { phase, done: done === parts.length ? until : from + ((until - from) * done) / parts.length };
}

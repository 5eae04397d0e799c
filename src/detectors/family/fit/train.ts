import type { Series } from "../../../series/series.js";
import { storeInMemory } from "../../../shelf/stored-series.js";
import { fitHere } from "../../fit-here.js";
import { type Trained, type TrainOptions, training } from "./training.js";
import { openStep } from "./training-steps.js";

export { DEFAULT_TRAINING } from "./training.js";

/**
 * Learns one consolidated model for a family of series on one grid step, at once and in this thread: for tests and benches, which
 * look inside.
 *
 * @param series all of one `stepMs`; NaN is a missing slot. They are not changed.
 * @throws InputError as `training`.
 */
export function trainModel(series: readonly Series[], options: TrainOptions): Trained {
  const work = fitHere(training(series.map(storeInMemory), options), openStep);
  for (;;) {
    const { done, value } = work.next();
    if (done) return value;
  }
}

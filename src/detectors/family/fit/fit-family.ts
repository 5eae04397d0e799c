import type { Series } from "../../../series/series.js";
import { storeInMemory } from "../../../shelf/stored-series.js";
import type { FitOptions, Fitted } from "../../kind.js";
import type { FamilyModel } from "../learned.js";
import { DEFAULT_TRAINING, training } from "./training.js";
import { openStep } from "./training-steps.js";

/**
 * Learns here and now, with a pause after each part of the work.
 *
 * @throws InputError as `training`.
 */
export function* fitFamily(
  history: readonly Series[],
  { timezone, seed }: FitOptions,
): Generator<void, Fitted<FamilyModel>, void> {
  const course = training(history.map(storeInMemory), { ...DEFAULT_TRAINING, timezone, seed });
  let next = course.next();
  while (next.done !== true) {
    const work = openStep(next.value.step, next.value.shared);
    const results: unknown[] = [];
    for (const part of next.value.parts) {
      results.push(work(part));
      yield;
    }
    next = course.next(results);
  }
  return { learned: next.value.model, inventory: next.value.inventory };
}

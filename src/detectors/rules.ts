import type { Cause, ScoredSlot } from "./detector.js";

/** How long these last is what counts: where a threshold lies on sizes does not move them. */
export const RUN_CAUSES: readonly Cause[] = ["silence", "stall", "zero"];

/** A run scores 1 at its threshold and 1 more for each doubling: a week of silence is grave, not 3,000 times so. */
export function runScore(ratio: number): number {
  return ratio <= 1 ? ratio : 1 + Math.log2(ratio);
}

/** Lets a rule speak if its score is the highest so far; NaN never is. */
export function keepLarger(into: ScoredSlot, cause: Cause, score: number): void {
  if (score > into.score) {
    into.score = score;
    into.cause = cause;
  }
}

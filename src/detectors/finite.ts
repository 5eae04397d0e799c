/** Beyond this nobody distinguishes two scores; what overflows is this, never 0 and never infinite. */
export const LARGEST_SCORE = 1000;

/** Values beyond this count as this: sums and differences of a thousand of them are still finite. */
const LARGEST_VALUE = 2 ** 1000;

/** Units in the last place that a value is known to, once it has been through a few sums and differences. */
const UNITS = 16;
/** Of zero and what is next to it: the smallest number with all its digits. */
const SMALLEST = 2 ** -1022;

/** A score that may have overflowed, as one that has not; NaN stays NaN. */
export function cappedScore(score: number): number {
  return score > LARGEST_SCORE ? LARGEST_SCORE : score;
}

/** A value that can be computed with: NaN for a missing or infinite one, at most 2^1000 in size. */
export function boundedValue(value: number): number {
  if (!Number.isFinite(value)) return Number.NaN;
  return Math.max(-LARGEST_VALUE, Math.min(LARGEST_VALUE, value));
}

/**
 * The smallest difference from a value that means anything, in the value's unit: 16 times the distance to the next double. No limit
 * is below it, or rounding would be an alarm.
 *
 * @example resolutionOf(42) // 1.1e-13
 */
export function resolutionOf(value: number): number {
  return Math.max(Math.abs(value) * UNITS * Number.EPSILON, SMALLEST);
}

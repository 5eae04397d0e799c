import { quantileSorted } from "../math/quantile.js";

/** Where the sample ends to be trusted: above it a few incidents of earlier days would be taken for ordinary. */
const BODY = 0.95;

/**
 * The chance that nothing but ordinary noise gives a value this high, by a sample of replays: their own share up to the body, and
 * beyond it the generalised Pareto tail that `math/tail.ts` continues them with (Pickands 1975).
 *
 * @param sorted ascending, finite.
 */
export function chanceBy(sorted: Float64Array): (value: number) => number {
  const n = sorted.length;
  const q2 = quantileSorted(sorted, 0.9);
  const q3 = quantileSorted(sorted, BODY);
  const halving = q3 - q2;
  const ratio = halving / (q2 - quantileSorted(sorted, 0.8));
  const shape = Number.isFinite(ratio) && ratio > 0 ? Math.min(0.5, Math.max(0, Math.log2(ratio))) : 0;
  const growth = 2 ** shape;
  return (value) => {
    if (n === 0 || value !== value) return 1;
    // A body without spread, such as of series that never have gaps, has no tail to continue.
    if (value <= q3 || !(halving > 0)) return (1 + n - firstAtLeast(sorted, value)) / (1 + n);
    const steps = (value - q3) / halving;
    const halvings = shape < 1e-6 ? steps : Math.log(1 + (steps * (growth - 1)) / growth) / Math.log(growth);
    return (1 - BODY) * 2 ** -halvings;
  };
}

function firstAtLeast(sorted: Float64Array, value: number): number {
  let low = 0;
  let high = sorted.length;
  while (low < high) {
    const half = (low + high) >> 1;
    if (sorted[half] < value) low = half + 1;
    else high = half;
  }
  return low;
}

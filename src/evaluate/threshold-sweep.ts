import type { ScoredSeries } from "./scored-series.js";
import { ranked } from "./scored-series.js";

/** How many thresholds a sweep tries, as the quality gates do. */
export const SWEEP_THRESHOLDS = 50;
/** The strictest threshold still lets two slots of all pass … */
const FEWEST_SLOTS = 2;
/** … or this share of them, where there are more than 20 million. */
const SMALLEST_SHARE = 1e-7;

/** All scores that count, of all series, ascending; unscored slots rank lowest. Sorting 3 million takes half a second. */
export function pooledScores(series: readonly ScoredSeries[]): Float64Array {
  const pooled = new Float64Array(
    series.reduce((sum, { score, ignoreSlots }) => sum + Math.max(0, score.length - ignoreSlots), 0),
  );
  let at = 0;
  for (const { score, ignoreSlots } of series) {
    const counted = ranked(score.subarray(Math.min(ignoreSlots, score.length)));
    pooled.set(counted, at);
    at += counted.length;
  }
  return pooled.sort();
}

/**
 * Thresholds that let a share of all slots pass, from `mostShare` (0–1) down to two slots in even steps of its logarithm;
 * ascending, each once.
 *
 * As `np.unique(np.quantile(all, 1 - np.logspace(log10(mostShare), log10(max(2 / n, 1e-7)), count)))`.
 */
export function sweepThresholds(sorted: Float64Array, mostShare: number, count = SWEEP_THRESHOLDS): number[] {
  const from = Math.log10(mostShare);
  const to = Math.log10(Math.max(FEWEST_SLOTS / sorted.length, SMALLEST_SHARE));
  const step = (to - from) / (count - 1);
  const thresholds = Array.from({ length: count }, (_, i) => {
    const exponent = i === count - 1 ? to : from + i * step;
    return numpyQuantile(sorted, 1 - 10 ** exponent);
  });
  return [...new Set(thresholds)].sort((a, b) => a - b);
}

/** Type 7 to the last bit of numpy's: from the middle on it steps back from the upper neighbour. */
function numpyQuantile(sorted: Float64Array, p: number): number {
  const position = (sorted.length - 1) * p;
  const below = Math.floor(position);
  const fraction = position - below;
  const low = sorted[below];
  const high = sorted[Math.min(below + 1, sorted.length - 1)];
  const apart = high - low;
  return fraction >= 0.5 ? high - apart * (1 - fraction) : low + apart * fraction;
}

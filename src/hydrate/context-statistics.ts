import { quantileSorted, sortedFinite } from "../math/quantile.js";

/** Figures of the values of a window; null where no slot holds a value. */
export interface ContextStatistics {
  readonly max: number | null;
  readonly avg: number | null;
  readonly min: number | null;
  readonly p50: number | null;
  /** Type 7, as R and numpy. */
  readonly p95: number | null;
  /** Share (0–1) of the slots that hold a value; 0 for no slots. */
  readonly validShare: number;
}

/**
 * Summarises the slots of a window. NaN is a slot without a value: it is skipped by the figures and counted by
 * `validShare`; ±Infinity counts as no value. The mean adds in ascending order, so that it does not depend on the order of the slots.
 *
 * @example contextStatistics(Float64Array.of(1, NaN, 3)).validShare // 0.6666666666666666
 */
export function contextStatistics(values: Float64Array): ContextStatistics {
  const sorted = sortedFinite(values);
  const validShare = values.length === 0 ? 0 : sorted.length / values.length;
  if (sorted.length === 0) return { max: null, avg: null, min: null, p50: null, p95: null, validShare };
  let sum = 0;
  for (const value of sorted) sum += value;
  return {
    max: sorted[sorted.length - 1],
    avg: sum / sorted.length,
    min: sorted[0],
    p50: quantileSorted(sorted, 0.5),
    p95: quantileSorted(sorted, 0.95),
    validShare,
  };
}

import { quantileSorted, sortedFinite } from "./quantile.js";

/** Makes the median absolute deviation a consistent estimate of a normal standard deviation: 1 / Φ⁻¹(3/4). */
export const MAD_TO_SIGMA = 1.482602218505602;

/** Where the values lie and how far they spread, neither moved by a minority (< 50 %, < 25 %) of wild values. */
export interface RobustScale {
  /** Median. */
  readonly location: number;
  /** Standard deviation a normal sample of this spread would have; > 0 unless the values are constant or absent. */
  readonly spread: number;
}

/**
 * Median and the first spread that is not zero of: MAD × 1.4826, interquartile range / 1.349, p95 − p5 / 3.29,
 * standard deviation. NaN is skipped.
 *
 * A mostly constant series (more than half of its values equal) has MAD 0 without being constant; the wider estimates
 * keep its scale from exploding. `spread` is 0 exactly when all values are equal; both are NaN without values.
 *
 * Source: Rousseeuw & Croux, "Alternatives to the median absolute deviation", JASA 88 (1993).
 * @example robustScale(Float64Array.of(1, 2, 3, 4, 100)) // { location: 3, spread: 1.4826… }
 */
export function robustScale(values: ArrayLike<number>): RobustScale {
  const sorted = sortedFinite(values);
  if (sorted.length === 0) return { location: Number.NaN, spread: Number.NaN };
  const location = quantileSorted(sorted, 0.5);
  const deviations = sorted.map((value) => Math.abs(value - location)).sort();
  // 1.349 and 3.290: the interquartile and the 5–95 % range of the standard normal.
  const candidates = [
    quantileSorted(deviations, 0.5) * MAD_TO_SIGMA,
    (quantileSorted(sorted, 0.75) - quantileSorted(sorted, 0.25)) / 1.3489795003921634,
    (quantileSorted(sorted, 0.95) - quantileSorted(sorted, 0.05)) / 3.289707253902945,
  ];
  const spread = candidates.find((candidate) => candidate > 0) ?? standardDeviation(sorted);
  return { location, spread };
}

/** Population standard deviation, two passes for accuracy. */
function standardDeviation(values: Float64Array): number {
  let mean = 0;
  for (const value of values) mean += value / values.length;
  let squares = 0;
  for (const value of values) squares += (value - mean) ** 2;
  return Math.sqrt(squares / values.length);
}

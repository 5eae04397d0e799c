import { quantile } from "./quantile.js";

/** The median of unsorted values, the mean of the middle two of an even number; NaN and ±Infinity are skipped; NaN for none. */
export function median(values: ArrayLike<number>): number {
  return quantile(values, 0.5);
}

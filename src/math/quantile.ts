/**
 * The quantile of sorted values by linear interpolation between order statistics: type 7 of Hyndman & Fan (1996), the
 * default of R and numpy.
 *
 * @param sorted ascending, without NaN (rejecting NaN here would cost a pass; callers drop them with `sortedFinite`).
 * @param p 0–1.
 * @returns NaN for no values.
 * @example quantileSorted(Float64Array.of(1, 2, 3, 4), 0.5) // 2.5
 */
export function quantileSorted(sorted: ArrayLike<number>, p: number): number {
  const n = sorted.length;
  if (n === 0) return Number.NaN;
  const position = (n - 1) * Math.min(1, Math.max(0, p));
  const below = Math.floor(position);
  const fraction = position - below;
  const low = sorted[below];
  return fraction === 0 ? low : low + (sorted[below + 1] - low) * fraction;
}

/** A sorted copy of the finite values; NaN and ±Infinity are dropped. The input is not changed. */
export function sortedFinite(values: ArrayLike<number>): Float64Array {
  const kept = new Float64Array(values.length);
  let n = 0;
  for (let i = 0; i < values.length; i++) if (Number.isFinite(values[i])) kept[n++] = values[i];
  return kept.subarray(0, n).sort();
}

/** The type-7 quantile of unsorted values; NaN and ±Infinity are skipped; NaN for no finite value. */
export function quantile(values: ArrayLike<number>, p: number): number {
  return quantileSorted(sortedFinite(values), p);
}

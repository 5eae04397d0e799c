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

/**
 * As `quantile`, in time that grows with the number of values alone: they are not sorted, only put on the right side of the one looked for.
 *
 * @param values are overwritten and put in another order.
 */
export function quantileInPlace(values: Float64Array, p: number): number {
  let n = 0;
  for (let i = 0; i < values.length; i++) if (Number.isFinite(values[i])) values[n++] = values[i];
  if (n === 0) return Number.NaN;
  const position = (n - 1) * Math.min(1, Math.max(0, p));
  const below = Math.floor(position);
  const low = selected(values, below, n);
  if (position === below) return low;
  let high = values[below + 1];
  for (let i = below + 2; i < n; i++) if (values[i] < high) high = values[i];
  return low + (high - low) * (position - below);
}

/** The value at place `k` of the first `n`, were they sorted; smaller ones are then before it and larger ones behind. Hoare's "Find" (1961). */
function selected(values: Float64Array, k: number, n: number): number {
  let from = 0;
  let to = n - 1;
  while (from < to) {
    const pivot = values[(from + to) >> 1];
    let i = from;
    let j = to;
    while (i <= j) {
      while (values[i] < pivot) i++;
      while (values[j] > pivot) j--;
      if (i > j) break;
      const swapped = values[i];
      values[i++] = values[j];
      values[j--] = swapped;
    }
    if (k <= j) to = j;
    else if (k >= i) from = i;
    else break;
  }
  return values[k];
}

/** Median of the first `n` entries, at most about a dozen, which it puts in order; NaN for none. No entry may be NaN. */
export function smallMedian(values: Float64Array, n: number): number {
  if (n === 0) return Number.NaN;
  for (let i = 1; i < n; i++) {
    const value = values[i];
    let j = i - 1;
    for (; j >= 0 && values[j] > value; j--) values[j + 1] = values[j];
    values[j + 1] = value;
  }
  const half = n >> 1;
  return n & 1 ? values[half] : (values[half - 1] + values[half]) / 2;
}

/** A point of a line; null breaks it. */
export interface LinePoint {
  readonly time: number;
  readonly value: number | null;
}

/**
 * A series as so few points that its line looks the same `width` px wide: of each pixel's slots the first, the lowest, the
 * highest and the last. A pixel without any value breaks the line.
 *
 * Source: M4, Jugel et al., "A visualization-oriented time series data aggregation", PVLDB 7(10), 2014.
 */
export function linePoints(values: Float64Array, startMs: number, stepMs: number, width: number): LinePoint[] {
  const n = values.length;
  const points: LinePoint[] = [];
  const add = (i: number) =>
    points.push({ time: startMs + i * stepMs, value: values[i] === values[i] ? values[i] : null });
  if (n <= 2 * width) {
    for (let i = 0; i < n; i++) add(i);
    return points;
  }
  for (let pixel = 0; pixel < width; pixel++) {
    const from = Math.floor((pixel * n) / width);
    const until = Math.floor(((pixel + 1) * n) / width);
    for (const slot of telling(values, from, until)) add(slot);
  }
  return points;
}

/** The slots of `[from, until)` that a line needs; the first slot where none of them holds a value. */
function telling(values: Float64Array, from: number, until: number): readonly number[] {
  let first = -1;
  let last = -1;
  let low = -1;
  let high = -1;
  for (let i = from; i < until; i++) {
    if (values[i] !== values[i]) continue;
    if (first < 0) first = low = high = i;
    if (values[i] < values[low]) low = i;
    if (values[i] > values[high]) high = i;
    last = i;
  }
  return first < 0 ? [from] : [...new Set([first, low, high, last])].sort((a, b) => a - b);
}

/** Runs of slots for which something holds, as times, each at least so wide that it can be seen. */
export function spansOf(
  holds: (slot: number) => boolean,
  slots: number,
  startMs: number,
  stepMs: number,
  leastMs: number,
): { readonly from: number; readonly until: number }[] {
  const spans: { from: number; until: number }[] = [];
  let first = -1;
  for (let i = 0; i <= slots; i++) {
    const inside = i < slots && holds(i);
    if (inside && first < 0) first = i;
    if (inside || first < 0) continue;
    const from = startMs + first * stepMs;
    const until = Math.max(startMs + i * stepMs, from + leastMs);
    const before = spans[spans.length - 1];
    if (before !== undefined && from <= before.until) before.until = Math.max(before.until, until);
    else spans.push({ from, until });
    first = -1;
  }
  return spans;
}

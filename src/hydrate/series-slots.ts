import type { Series, TimeRange } from "../series/series.js";

/** The values of a range on the series' own grid, NaN where the series does not reach. Both ends are multiples of the step. */
export function slotsOf(series: Series, range: TimeRange): Float64Array {
  const count = Math.max(0, Math.round((range.endMs - range.startMs) / series.stepMs));
  const slots = new Float64Array(count).fill(Number.NaN);
  // series:  |0 1 2 3 4 5|          from = slots of the range that lie before the series (may be negative)
  // range:  |. . 0 1|
  const offset = Math.round((range.startMs - series.startMs) / series.stepMs);
  for (let i = Math.max(0, -offset); i < count && i + offset < series.values.length; i++) {
    slots[i] = series.values[i + offset];
  }
  return slots;
}

/** The range moved into the past by a duration, on whole slots. */
export function earlier(range: TimeRange, byMs: number, stepMs: number): TimeRange {
  const shiftMs = Math.round(byMs / stepMs) * stepMs;
  return { startMs: range.startMs - shiftMs, endMs: range.endMs - shiftMs };
}

import type { Series, TimeRange } from "./series.js";

/**
 * A series on exactly the slots that begin within `[range.startMs, range.endMs)`: what lies outside is cut off, and
 * slots that the series does not have are NaN. Always a copy.
 *
 * @example slice({ startMs: 60_000, stepMs: 60_000, values: Float64Array.of(1, 2), … }, { startMs: 0, endMs: 120_000 }).values // [NaN, 1]
 */
export function slice(series: Series, range: TimeRange): Series {
  const { stepMs } = series;
  const { startMs, slots } = slotsIn(range, stepMs);
  const values = new Float64Array(slots).fill(Number.NaN);
  // The series' slot `from` lands in the new slot `from + shift`.
  const shift = Math.round((series.startMs - startMs) / stepMs);
  const from = Math.max(0, -shift);
  const to = Math.min(series.values.length, slots - shift);
  if (to > from) values.set(series.values.subarray(from, to), from + shift);
  return { ...series, startMs, values };
}

/** As `slice`, but the series itself where it has exactly these slots already. */
export function cutTo(series: Series, range: TimeRange): Series {
  const { startMs, slots } = slotsIn(range, series.stepMs);
  return series.startMs === startMs && series.values.length === slots ? series : slice(series, range);
}

function slotsIn(range: TimeRange, stepMs: number) {
  const startMs = Math.ceil(range.startMs / stepMs) * stepMs;
  return { startMs, slots: Math.max(0, Math.ceil((range.endMs - startMs) / stepMs)) };
}

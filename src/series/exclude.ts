import type { Series, TimeRange } from "./series.js";

/** Whether the slot that begins at a time overlaps one of the ranges: those that `exclude` takes away. */
export function isExcluded(ranges: readonly TimeRange[], timeMs: number, stepMs: number): boolean {
  for (const { startMs, endMs } of ranges) {
    if (startMs < timeMs + stepMs && endMs > timeMs && startMs < endMs) return true;
  }
  return false;
}

/**
 * A series in which the slots that overlap one of the ranges are missing (NaN), e.g. incidents that must not be
 * learned. The grid stays as it is. Without an overlap the series itself is given back.
 */
export function exclude(series: Series, ranges: readonly TimeRange[]): Series {
  let values: Float64Array | undefined;
  for (const range of ranges) {
    const from = Math.max(0, Math.floor((range.startMs - series.startMs) / series.stepMs));
    const to = Math.min(series.values.length, Math.ceil((range.endMs - series.startMs) / series.stepMs));
    if (to <= from || range.endMs <= range.startMs) continue;
    values ??= series.values.slice();
    values.fill(Number.NaN, from, to);
  }
  return values === undefined ? series : { ...series, values };
}

import type { TimeRange } from "../series/series.js";
import { formatUtc } from "../time/format.js";

/** A span from which the detector learned nothing, as records write it. */
export interface LeftOutSpan {
  readonly from: string;
  readonly until: string;
}

/** The spans that began before a moment, in order. */
export function leftOutBefore(untilMs: number, spans: readonly TimeRange[] = []): readonly LeftOutSpan[] {
  return spans
    .filter(({ startMs }) => startMs < untilMs)
    .sort((a, b) => a.startMs - b.startMs || a.endMs - b.endMs)
    .map(({ startMs, endMs }) => ({ from: formatUtc(startMs), until: formatUtc(endMs) }));
}

export function leftOutRanges(spans: readonly LeftOutSpan[] = []): readonly TimeRange[] {
  return spans.map(({ from, until }) => ({ startMs: Date.parse(from), endMs: Date.parse(until) }));
}

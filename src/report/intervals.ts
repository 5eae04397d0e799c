import type { AnomalyRecord } from "../records/record.js";
import type { TimeRange } from "../series/series.js";

/** The part of an episode inside a range; undefined where there is none. */
export function clipped({ start, end }: Pick<AnomalyRecord, "start" | "end">, range: TimeRange): TimeRange | undefined {
  const startMs = Math.max(range.startMs, Date.parse(start));
  const endMs = Math.min(range.endMs, Date.parse(end));
  return endMs > startMs ? { startMs, endMs } : undefined;
}

/** The time that at least one of the ranges covers, ms: two episodes at once count once. */
export function unionMs(ranges: readonly TimeRange[]): number {
  let covered = 0;
  let reached = Number.NEGATIVE_INFINITY;
  for (const { startMs, endMs } of ranges.toSorted((a, b) => a.startMs - b.startMs)) {
    covered += Math.max(0, endMs - Math.max(startMs, reached));
    reached = Math.max(reached, endMs);
  }
  return covered;
}

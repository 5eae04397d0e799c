import type { TimeRange } from "../series/series.js";
import type { FoundIncident } from "./fit.js";

/** One stretch of time in which incidents of one or more series overlap. */
export interface SharedIncident extends TimeRange {
  /** In the order in which they were found. */
  readonly names: readonly string[];
}

/** Joins what overlaps in time, earliest first: an outage of twenty machines is one incident, not twenty. */
export function sharedIncidents(found: readonly FoundIncident[]): readonly SharedIncident[] {
  const joined: { startMs: number; endMs: number; names: Set<string> }[] = [];
  for (const { startMs, endMs, name } of [...found].sort((a, b) => a.startMs - b.startMs)) {
    const last = joined[joined.length - 1];
    if (last !== undefined && startMs < last.endMs) {
      last.endMs = Math.max(last.endMs, endMs);
      last.names.add(name);
    } else joined.push({ startMs, endMs, names: new Set([name]) });
  }
  return joined.map(({ names, ...range }) => ({ ...range, names: [...names] }));
}

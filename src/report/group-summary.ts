import type { AnomalyRecord, Severity } from "../records/record.js";
import { worstSeverity } from "../records/worst-first.js";
import { HOUR_MS } from "../time/duration.js";
import type { Day } from "./days.js";
import { clipped, unionMs } from "./intervals.js";

/** What a machine (or an aggregator) went through in the period. */
export interface GroupSummary {
  readonly name: string;
  readonly episodes: number;
  readonly open: number;
  readonly worst: Severity;
  /** Hours in which at least one of its series was anomalous. */
  readonly hours: number;
  /** Episodes that began on each day of the period. */
  readonly perDay: readonly number[];
  /** How many of its series (or, of an aggregator, machines) were concerned. */
  readonly concerned: number;
}

/**
 * Sums up records by a name, the longest anomalous first.
 *
 * @param nameOf what they are grouped by; @param partOf what is counted as `concerned`.
 */
export function groupSummaries(
  records: readonly AnomalyRecord[],
  days: readonly Day[],
  nameOf: (record: AnomalyRecord) => string,
  partOf: (record: AnomalyRecord) => string,
): GroupSummary[] {
  const range = { startMs: days[0]?.startMs ?? 0, endMs: days.at(-1)?.endMs ?? 0 };
  const groups = new Map<string, AnomalyRecord[]>();
  for (const record of records) {
    const group = groups.get(nameOf(record));
    if (group === undefined) groups.set(nameOf(record), [record]);
    else group.push(record);
  }
  return [...groups]
    .map(([name, members]): GroupSummary => {
      const starts = members.map(({ start }) => Date.parse(start));
      return {
        name,
        episodes: members.length,
        open: members.filter(({ status }) => status === "open").length,
        worst: worstSeverity(members.map(({ severity }) => severity)) ?? "low",
        hours: Number((unionMs(members.flatMap((record) => clipped(record, range) ?? [])) / HOUR_MS).toFixed(2)),
        perDay: days.map(
          ({ startMs, endMs }) => starts.filter((startedMs) => startedMs >= startMs && startedMs < endMs).length,
        ),
        concerned: new Set(members.map(partOf)).size,
      };
    })
    .sort((a, b) => b.hours - a.hours || b.episodes - a.episodes || (a.name < b.name ? -1 : 1));
}

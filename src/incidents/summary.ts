import type { AnomalyRecord, Severity } from "../records/record.js";
import { worstSeverity } from "../records/worst-first.js";
import { formatUtc } from "../time/format.js";

/** What records that are one incident have in common. */
export interface IncidentSummary {
  /** Of the worst member. */
  readonly severity: Severity;
  /** Highest score of the members. */
  readonly score: number;
  /** Earliest start and latest end of the members. */
  readonly start: string;
  readonly end: string;
  /** Open while one member is. */
  readonly status: "open" | "closed";
  /** Ids of the records that it covers. */
  readonly members: readonly string[];
}

/** @param members at least one, in the order of their start */
export function summaryOfMembers(members: readonly AnomalyRecord[]): IncidentSummary {
  return {
    severity: worstSeverity(members.map(({ severity }) => severity)) ?? "low",
    score: members.reduce((highest, { score }) => Math.max(highest, score), 0),
    start: members[0].start,
    end: formatUtc(members.reduce((latest, { end }) => Math.max(latest, Date.parse(end)), 0)),
    status: members.some(({ status }) => status === "open") ? "open" : "closed",
    members: members.map(({ id }) => id),
  };
}

/** The value that occurs most; the first of equals. */
export function mostFrequent<T>(values: readonly T[]): T {
  const counts = new Map<T, number>();
  for (const value of values) counts.set(value, (counts.get(value) ?? 0) + 1);
  return [...counts].reduce((best, entry) => (entry[1] > best[1] ? entry : best))[0];
}

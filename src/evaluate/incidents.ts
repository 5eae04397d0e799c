import { median } from "../math/median.js";
import type { AnomalyRecord } from "../records/record.js";
import type { Incident, IncidentKind } from "../simulate/incident.js";

export interface JudgeOptions {
  /** A record may lie this far before or after an incident and still be taken for it, ms. */
  readonly toleranceMs: number;
}

export interface KindJudgement {
  readonly incidents: number;
  readonly found: number;
  /** Found incidents of which at least one record names the kind. */
  readonly kindRight: number;
  readonly medianDelayMs: number | null;
}

/** What the records of a run are worth against what is known to have been wrong. */
export interface IncidentJudgement {
  readonly incidents: number;
  /** Incidents that at least one record matches. */
  readonly found: number;
  /** found / incidents, 0–1; null without incidents. */
  readonly recall: number | null;
  /** Records in all. */
  readonly alarms: number;
  /** Records that match an incident / alarms, 0–1; null without records. Two records of one incident are both right. */
  readonly precision: number | null;
  /** Records that match no incident. */
  readonly falseAlarms: number;
  /** Median over the found incidents of the time to the first record; null if none is found. */
  readonly medianDelayMs: number | null;
  readonly kindRight: number;
  /** Only kinds that occur in the truth. */
  readonly byKind: Readonly<Partial<Record<IncidentKind, KindJudgement>>>;
}

/**
 * Compares records with labelled incidents.
 *
 * A record matches an incident of the same machine and aggregator if their intervals `[start, end)`, the incident's
 * widened by the tolerance on both sides, share at least a moment. The delay of an incident is the time from its start
 * to the `alerted_at` of its earliest record, the end of the first slot whose score reached 1; an earlier one counts as no
 * delay.
 *
 * @example judgeIncidents([], truth, { toleranceMs: 0 }).recall // 0
 */
export function judgeIncidents(
  records: readonly AnomalyRecord[],
  truth: readonly Incident[],
  options: JudgeOptions,
): IncidentJudgement {
  const bySeries = new Map<string, AnomalyRecord[]>();
  for (const record of records) {
    const of = bySeries.get(seriesOf(record));
    if (of === undefined) bySeries.set(seriesOf(record), [record]);
    else of.push(record);
  }
  const right = new Set<AnomalyRecord>();
  const outcomes = truth.map((incident) => {
    const candidates = bySeries.get(seriesOf(incident)) ?? [];
    const matches = candidates.filter((record) => overlaps(record, incident, options.toleranceMs));
    for (const record of matches) right.add(record);
    return {
      kind: incident.kind,
      found: matches.length > 0,
      kindRight: matches.some((record) => record.kind === incident.kind),
      delayMs: Math.min(...matches.map((record) => delayMs(record, incident))),
    };
  });

  const judge = (some: typeof outcomes): KindJudgement => ({
    incidents: some.length,
    found: some.filter((outcome) => outcome.found).length,
    kindRight: some.filter((outcome) => outcome.kindRight).length,
    medianDelayMs: medianOrNull(some.filter((outcome) => outcome.found).map((outcome) => outcome.delayMs)),
  });
  const all = judge(outcomes);
  return {
    ...all,
    recall: truth.length === 0 ? null : all.found / truth.length,
    alarms: records.length,
    precision: records.length === 0 ? null : right.size / records.length,
    falseAlarms: records.length - right.size,
    byKind: Object.fromEntries(
      [...new Set(truth.map(({ kind }) => kind))].map((kind) => [kind, judge(outcomes.filter((o) => o.kind === kind))]),
    ),
  };
}

function seriesOf({ machine, aggregator }: { readonly machine: string; readonly aggregator: string }): string {
  return JSON.stringify([machine, aggregator]);
}

function overlaps(record: AnomalyRecord, incident: Incident, toleranceMs: number): boolean {
  return (
    Date.parse(record.start) < incident.endMs + toleranceMs && Date.parse(record.end) > incident.startMs - toleranceMs
  );
}

function delayMs(record: AnomalyRecord, incident: Incident): number {
  return Math.max(0, Date.parse(record.alerted_at) - incident.startMs);
}

function medianOrNull(values: readonly number[]): number | null {
  return values.length === 0 ? null : median(values);
}

import type { Incidents } from "../../incidents/incidents.js";
import { csvCell } from "../../records/format-records.js";
import type { AnomalyRecord, HydratedRecord } from "../../records/record.js";
import type { Labels } from "../../series/series.js";
import { formatDuration } from "../../time/duration.js";
import { formatValue } from "../../wording/format-value.js";
import { kindWords } from "../../wording/kind.js";
import { aggregatorWords } from "../../wording/labels.js";
import { formatIn } from "../../wording/moment.js";
import { plainSpark, sparkText } from "./spark-text.js";

/** Characters of a sparkline: one an hour. */
export const SPARK_WIDTH = 24;

/** A record as programs get it from `show`: without the values of its window, but with their sparkline. */
export interface ShownRow {
  readonly id: string;
  readonly severity: string;
  readonly machine: string;
  readonly aggregator: string;
  readonly kind: string;
  readonly direction: string;
  readonly status: string;
  readonly start: string;
  readonly end: string;
  readonly duration_s: number;
  readonly score: number;
  /** The chance that people call it real; null where nothing is estimated. */
  readonly confidence: number | null;
  readonly observed: number | null;
  readonly expected: number | null;
  readonly reasons: readonly string[];
  /** Id of the fleet anomaly that it belongs to. */
  readonly fleet: string | null;
  /** Id of the incident of its machine that it belongs to. */
  readonly incident: string | null;
  readonly labels: Labels;
  /** The 24 hours as text; null where the record was not hydrated. */
  readonly spark: string | null;
}

export function shownRow(record: AnomalyRecord | HydratedRecord, groups: Incidents): ShownRow {
  const { id, severity, machine, aggregator, kind, direction, status, start, end, duration_s, score } = record;
  const spark = plainSpark(sparkText(record, SPARK_WIDTH));
  return {
    id,
    severity,
    machine,
    aggregator,
    kind,
    direction,
    status,
    start,
    end,
    duration_s,
    score,
    confidence: record.confidence ?? null,
    observed: record.observed,
    expected: record.expected,
    reasons: record.reasons,
    fleet: groups.fleet.find(({ members }) => members.includes(id))?.id ?? null,
    incident: groups.machines.find(({ members }) => members.includes(id))?.id ?? null,
    labels: record.labels,
    spark: spark === "" ? null : spark,
  };
}

/** One array, one row per line. */
export function rowsAsJson(rows: readonly ShownRow[]): string {
  return rows.length === 0 ? "[]\n" : `[\n${rows.map((row) => JSON.stringify(row)).join(",\n")}\n]\n`;
}

const COLUMNS = [
  "id",
  "severity",
  "machine",
  "aggregator",
  "kind",
  "direction",
  "status",
  "start",
  "end",
  "duration_s",
  "score",
  "observed",
  "expected",
  "reasons",
  "fleet",
  "spark",
  "incident",
  "labels",
  "confidence",
] as const satisfies readonly (keyof ShownRow)[];

export function rowsAsCsv(rows: readonly ShownRow[]): string {
  return [COLUMNS.join(","), ...rows.map((row) => COLUMNS.map((name) => csvCell(row[name])).join(",")), ""].join("\n");
}

/** For tickets and chats. A pipe in a name would end its cell. */
export function recordsAsMarkdown(
  records: readonly (AnomalyRecord | HydratedRecord)[],
  timezone: string,
  telling: readonly string[],
): string {
  const cell = (text: string) => text.replace(/[\r\n]+/g, " ").replace(/[\\|`*_<>[\]]/g, "\\$&");
  const head = ["severity", "machine", "aggregator", "kind", `since (${timezone})`, "for", "score", "24 hours", "why"];
  const rows = records.map((record) => [
    record.severity,
    cell(record.machine),
    cell(aggregatorWords(record, telling)),
    kindWords(record),
    formatIn(Date.parse(record.start), timezone) + (record.status === "open" ? ", open" : ""),
    lengthOf(record),
    formatValue(record.score, null),
    `\`${plainSpark(sparkText(record, SPARK_WIDTH)) || "-"}\``,
    cell(record.reasons.join("; ")),
  ]);
  const rule = head.map((name) => (name === "score" ? "--:" : "---"));
  return [head, rule, ...rows].map((row) => `| ${row.join(" | ")} |\n`).join("");
}

export function lengthOf({ start, end }: Pick<AnomalyRecord, "start" | "end">): string {
  return formatDuration(Math.max(1000, Date.parse(end) - Date.parse(start)));
}

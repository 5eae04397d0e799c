import { csvCell } from "../../records/format-records.js";
import { recordOf } from "../../store/episodes.js";
import type { PastEpisode } from "../../store/history.js";
import { formatDuration } from "../../time/duration.js";
import { formatValue } from "../../wording/format-value.js";
import { kindWords } from "../../wording/kind.js";
import { formatIn } from "../../wording/moment.js";

/** Characters of an id in a table: enough to name an episode among thousands, and every command takes the beginning of an id. */
const SHORT_ID = 8;

export const HEAD = (timezone: string, withConfidence: boolean): readonly string[] => [
  "id",
  `since (${timezone})`,
  "for",
  "severity",
  "machine",
  "aggregator",
  "kind",
  "score",
  ...(withConfidence ? ["conf."] : []),
  "status",
  "job",
  "verdict",
];

export const hasConfidence = ({ row }: PastEpisode): boolean => recordOf(row).confidence !== undefined;

export function tableRow({ row, verdict }: PastEpisode, timezone: string, withConfidence: boolean): readonly string[] {
  const record = recordOf(row);
  return [
    row.id.slice(0, SHORT_ID),
    formatIn(Date.parse(row.start), timezone),
    formatDuration(Date.parse(row.end) - Date.parse(row.start)),
    row.severity,
    row.machine,
    record.aggregator,
    kindWords(record),
    formatValue(record.score, null),
    ...(withConfidence ? [record.confidence?.toFixed(2) ?? "-"] : []),
    record.adjusted_by === undefined ? row.status : `${row.status}, held back`,
    row.job ?? "-",
    verdict === undefined ? "-" : verdict.verdict,
  ];
}

/** An episode for programs: the whole record beside what the store knows of it. */
export function jsonOf({ row, verdict }: PastEpisode) {
  const { record, ...rest } = row;
  return { ...rest, verdict: verdict ?? null, record };
}

const COLUMNS = [
  "id",
  "job",
  "machine",
  "aggregator",
  "series",
  "labels",
  "kind",
  "direction",
  "severity",
  "status",
  "start",
  "end",
  "duration_s",
  "score",
  "found_at",
  "updated_at",
  "reasons",
  "confidence",
] as const;

/** A header and one line per episode; text that a spreadsheet would take for a formula gets an apostrophe. */
export function csvOf(found: readonly PastEpisode[]): string {
  const lines = found.map(({ row, verdict }) => {
    const values: Readonly<Record<string, unknown>> = { ...row.record, ...row };
    return [...COLUMNS.map((name) => values[name]), verdict?.verdict, verdict?.author, verdict?.note]
      .map(csvCell)
      .join(",");
  });
  return [[...COLUMNS, "verdict", "verdict_author", "verdict_note"].join(","), ...lines]
    .map((line) => `${line}\n`)
    .join("");
}

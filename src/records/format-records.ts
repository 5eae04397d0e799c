import type { AnomalyRecord, HydratedRecord } from "./record.js";

export type RecordFormat = "ndjson" | "json" | "csv";

/** Columns in the order in which a person reads them; `context` is too long for a cell and stays out. */
const RECORD_COLUMNS = [
  "machine",
  "aggregator",
  "timestamp",
  "severity",
  "kind",
  "direction",
  "score",
  "observed",
  "expected",
  "lower",
  "upper",
  "start",
  "alerted_at",
  "end",
  "status",
  "duration_s",
  "points",
  "step_s",
  "reasons",
  "unit",
  "series",
  "target",
  "labels",
  "id",
  "model",
  "detected_at",
  "model_version",
  "detector",
  "threshold",
  "threshold_divisor",
  "job",
] as const satisfies readonly (keyof AnomalyRecord)[];

const HYDRATION_COLUMNS = [
  "max_value",
  "avg_value",
  "valid_pct",
  "min_value",
  "p50_value",
  "p95_value",
  "baseline_value",
  "last_good_value",
  "last_good_at",
  "duration_so_far_s",
  "window",
  "hydrate_error",
] as const satisfies readonly (keyof HydratedRecord)[];

/**
 * Records as text, piece by piece; the pieces joined are the file.
 *
 * `ndjson`: one object per line. `json`: one array. `csv`: a header and one line per record (RFC 4180 quoting, LF), null as an empty
 * field, reasons joined by `; `, labels as JSON; the columns of `hydrate` are there if the first record has them
 * (or `hydrated` says so), the values of the window never.
 */
export async function* formatRecords(
  records: AsyncIterable<AnomalyRecord> | Iterable<AnomalyRecord>,
  format: RecordFormat,
  options: { readonly hydrated?: boolean } = {},
): AsyncGenerator<string> {
  let count = 0;
  let columns: readonly string[] | undefined;
  const header = (hydrated: boolean) => {
    columns = hydrated ? [...RECORD_COLUMNS, ...HYDRATION_COLUMNS] : RECORD_COLUMNS;
    return `${columns.join(",")}\n`;
  };
  for await (const record of records) {
    count++;
    if (format === "ndjson") yield `${JSON.stringify(record)}\n`;
    else if (format === "json") yield `${count === 1 ? "[\n" : ",\n"}${JSON.stringify(record)}`;
    else {
      if (columns === undefined) yield header(options.hydrated ?? "context" in record);
      yield `${columns!.map((name) => csvCell((record as unknown as Record<string, unknown>)[name])).join(",")}\n`;
    }
  }
  if (format === "json") yield count === 0 ? "[]\n" : "\n]\n";
  if (format === "csv" && count === 0) yield header(options.hydrated ?? false);
}

/** What a spreadsheet would compute: text that begins with `=`, `+`, `-`, `@`, a tab or a line break, and is not a number. */
function isFormula(text: string): boolean {
  return /^[=+\-@\t\r\n]/.test(text) && !/^[+-]?\d*\.?\d+(e[+-]?\d+)?$/i.test(text);
}

/**
 * A value as a cell of CSV (RFC 4180); null is empty, lists are joined by `; `, objects are JSON. Text that a spreadsheet would
 * take for a formula gets a leading apostrophe.
 *
 * @example csvCell("=cmd()") // `"'=cmd()"`
 */
export function csvCell(value: unknown): string {
  if (value === null || value === undefined) return "";
  const text = Array.isArray(value)
    ? value.join("; ")
    : typeof value === "object"
      ? JSON.stringify(value)
      : String(value);
  // A spreadsheet takes such a cell for a formula, and names and labels come from anyone who can send a metric (CWE-1236).
  if (typeof value !== "number" && isFormula(text)) return `"'${text.replaceAll('"', '""')}"`;
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

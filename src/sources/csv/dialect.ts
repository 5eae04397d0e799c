import { parse } from "csv-parse/sync";
import { epochUnit } from "../../time/instant-epoch.js";
import { type DayOrder, dayOrderIn, isAmbiguousDate } from "../../time/instant-iso.js";
import { oddCell } from "./cell.js";
import { timeFromText, timeProblem } from "./time.js";

export type Delimiter = "," | ";" | "\t";

/** How one CSV file says what it says. */
export interface Dialect {
  readonly delimiter: Delimiter;
  readonly decimal: "." | ",";
  /** Lines before the header or the first row: an Excel `sep=` line, blank lines. */
  readonly leadingLines: number;
  /** The names of the columns; without a header they are made up, and only `name`, `time` and `value` mean something. */
  readonly columns: readonly string[];
  readonly header: boolean;
  /** `wide`: a column a series. `long`: a row a value, the series named in `nameColumns`. */
  readonly shape: "wide" | "long";
  readonly timeColumn: number;
  readonly nameColumns: readonly number[];
  readonly valueColumns: readonly number[];
  /** Names of columns that hold marks (`label`, `is_anomaly`) beside the measurements and are not read. */
  readonly ignored: readonly string[];
  /** What the times look like, for people: `ISO 8601 UTC`, `epoch ms`, `YYYY-MM-DD HH:MM:SS without zone`. */
  readonly timeFormat: string;
  /** Whether times come without a zone, so that `--timezone` decides. */
  readonly naive: boolean;
  readonly dayOrder: DayOrder | undefined;
}

/** Why a file cannot be read as CSV of time series. `line` is 1-based, absent where the whole file is meant. */
export interface DialectProblem {
  readonly code: string;
  readonly reason: string;
  readonly line?: number;
}

const SAMPLE_ROWS = 200;
/** Semicolons and tabs before commas: where they split the rows into times and values, a comma is a decimal comma. */
const DELIMITERS: readonly Delimiter[] = ["\t", ";", ","];
const TIME_HEADER =
  /^(time|times|timestamp|timestamps|date|datetime|date ?time|ts|_time|ds|zeit|utc|epoch|time_?utc|@timestamp|unix_?time)$/i;
const NAME_HEADER =
  /^(name|series|metric|metrics|target|host|hostname|instance|machine|node|server|aggregator|path|field|variable|key|item)$/i;

/** Marks that people or detectors have put beside the measurements. */
const MARK_HEADER = /^(labels?|is_?anomaly|anomaly|is_?outlier|outlier)$/i;

/** Whether a column's name says that it is the time. */
export function isTimeHeader(name: string): boolean {
  return TIME_HEADER.test(name.trim());
}

/** One line of CSV → its cells. Quotes that are never closed stay as they are. */
export function splitLine(line: string, delimiter: Delimiter): string[] {
  if (!line.includes('"')) return line.split(delimiter);
  const rows: string[][] = parse(line, {
    delimiter,
    relax_quotes: true,
    relax_column_count: true,
    skip_records_with_error: true,
  });
  return rows[0] ?? [];
}

const isTime = (text: string, order?: DayOrder) =>
  timeProblem(timeFromText(text, "UTC", order)) === undefined || isAmbiguousDate(text.trim());

/**
 * The dialect of a file, from its beginning: a sample of whole lines, decoded and without byte order mark.
 *
 * The delimiter is the one that splits the rows so that one column holds times. Of several such columns a name like
 * `Time` decides, then the leftmost with written dates, then the leftmost with epoch numbers.
 */
export function detectDialect(sample: string): Dialect | DialectProblem {
  const lines = sample.split(/\r?\n/);
  let leadingLines = 0;
  while (leadingLines < lines.length && lines[leadingLines].trim() === "") leadingLines++;
  const separator = /^"?sep=(.)"?$/i.exec(lines[leadingLines] ?? "")?.[1];
  if (separator !== undefined) leadingLines++;
  const body: string[] = [];
  for (let i = leadingLines; i < lines.length && body.length < SAMPLE_ROWS && lines[i].trim() !== ""; i++)
    body.push(lines[i]);
  if (body.length === 0)
    return { code: "empty", reason: "it is empty; a time column and at least one value column are needed" };

  const candidates = separator === undefined ? DELIMITERS : DELIMITERS.filter((delimiter) => delimiter === separator);
  for (const delimiter of candidates) {
    const rows = body.map((line) => splitLine(line, delimiter));
    const dialect = readColumns(rows, delimiter, leadingLines);
    if (dialect !== undefined) return dialect;
  }
  return explain(body, leadingLines, separator);
}

function readColumns(
  rows: readonly string[][],
  delimiter: Delimiter,
  leadingLines: number,
): Dialect | DialectProblem | undefined {
  const first = rows[0];
  if (first.length < 2) return undefined;
  const dayOrder = rows
    .flat()
    .map((cell) => dayOrderIn(cell.trim()))
    .find((order) => order !== undefined);
  const header = !first.some((cell) => isTime(cell, dayOrder));
  const data = header ? rows.slice(1) : rows;
  if (data.length === 0) return undefined;
  const timeColumn = findTimeColumn(header ? first : [], data, dayOrder);
  if (timeColumn < 0) return undefined;
  const times = data.map((row) => (row[timeColumn] ?? "").trim());
  if (dayOrder === undefined && times.some(isAmbiguousDate)) {
    return {
      code: "ambiguous_date",
      reason: `dates such as ${times.find(isAmbiguousDate)} can be read day first or month first; export them as YYYY-MM-DD or epoch seconds`,
      line: leadingLines + (header ? 2 : 1),
    };
  }
  const decimal = delimiter === ";" && usesDecimalComma(data) ? "," : ".";
  const rest = first.map((_, column) => column).filter((column) => column !== timeColumn);
  const names = rest.filter((column) => isNameColumn(column, header ? first[column] : "", data, decimal));
  const measured = rest.filter((column) => !names.includes(column));
  const unmarked = measured.filter((column) => !header || !MARK_HEADER.test(first[column].trim()));
  const values = unmarked.length > 0 ? unmarked : measured;
  const shape = names.length > 0 && values.length > 0 ? "long" : "wide";
  if (values.length === 0) {
    const shown = data[0].find((_, column) => column !== timeColumn) ?? "";
    return {
      code: "no_values",
      reason: `no column holds numbers (the first row has ${JSON.stringify(shown.slice(0, 40))}); one column of times and at least one of numbers are needed`,
      line: leadingLines + (header ? 2 : 1),
    };
  }
  const example = times.find((text) => isTime(text, dayOrder)) ?? "";
  const format = timeFormatOf(example);
  return {
    delimiter,
    decimal,
    leadingLines,
    columns: header ? uniqueNames(first) : inventNames(first.length, timeColumn, names, values),
    header,
    shape,
    timeColumn,
    nameColumns: shape === "long" ? names : [],
    valueColumns: values,
    ignored: measured.filter((column) => !values.includes(column)).map((column) => first[column].trim()),
    timeFormat: format.words,
    naive: format.naive,
    dayOrder,
  };
}

function findTimeColumn(header: readonly string[], data: readonly string[][], order?: DayOrder): number {
  const named = header.findIndex(isTimeHeader);
  const holdsTimes = (column: number) => {
    let good = 0;
    for (const row of data) if (isTime(row[column] ?? "", order)) good++;
    return good * 2 > data.length || (good > 0 && column === named);
  };
  if (named >= 0) return holdsTimes(named) ? named : -1;
  const columns = data[0].map((_, column) => column).filter(holdsTimes);
  const written = columns.find((column) => /[-/. :]/.test(data[0][column].trim().replace(/\.\d*$/, "")));
  return written ?? columns[0] ?? -1;
}

function isNameColumn(column: number, header: string, data: readonly string[][], decimal: "." | ","): boolean {
  const cells = data.map((row) => (row[column] ?? "").trim()).filter((cell) => cell !== "");
  if (cells.length === 0) return false;
  if (NAME_HEADER.test(header.trim())) return true;
  const words = cells.filter((cell) => {
    const odd = oddCell(cell, decimal);
    return odd.kind === "refused" && odd.reason.startsWith("text");
  });
  return words.length * 2 > cells.length && cells.length === data.length;
}

/** Cells such as `0,5` and none such as `0.5`. */
function usesDecimalComma(data: readonly string[][]): boolean {
  const cells = data.flat();
  return (
    cells.some((cell) => /^\s*-?\d+,\d+\s*%?\s*$/.test(cell)) && !cells.some((cell) => /^\s*-?\d+\.\d+\s*$/.test(cell))
  );
}

/** Two columns of one name are two series: the second becomes `name (2)`. */
export function uniqueNames(header: readonly string[]): string[] {
  const seen = new Map<string, number>();
  return header.map((cell) => {
    const name = cell.trim();
    const count = (seen.get(name) ?? 0) + 1;
    seen.set(name, count);
    return count === 1 ? name : `${name} (${count})`;
  });
}

function inventNames(count: number, time: number, names: readonly number[], values: readonly number[]): string[] {
  return Array.from({ length: count }, (_, column) => {
    if (column === time) return "time";
    if (names.includes(column)) return names.length === 1 ? "name" : `name${names.indexOf(column) + 1}`;
    return values.length === 1 ? "value" : `column${column + 1}`;
  });
}

function timeFormatOf(text: string): { readonly words: string; readonly naive: boolean } {
  if (/^\d+(\.\d*)?(e\+?\d+)?$/i.test(text)) return { words: `epoch ${epochUnit(Number(text))}`, naive: false };
  const iso = /^\d{4}-\d\d-\d\d/.test(text);
  const zone = /\d\s*(Z|UTC|GMT|[+-]\d\d:?\d\d|[+-]\d\d)$/i.exec(text)?.[1];
  // The day of `2025-07-01` looks like an offset of one hour.
  const naive = zone === undefined || /^\d{1,4}[-/.]\d{1,2}[-/.]\d{1,4}$/.test(text);
  if (naive)
    return {
      words: iso
        ? `${text.length <= 10 ? "dates" : "YYYY-MM-DD HH:MM:SS"} without zone`
        : `dates like ${JSON.stringify(text)} without zone`,
      naive,
    };
  const utc = /^(Z|UTC|GMT|[+-]00:?(00)?)$/i.test(zone ?? "");
  return { words: `${iso ? "ISO 8601" : `dates like ${JSON.stringify(text)}`} ${utc ? "UTC" : "with zone"}`, naive };
}

/** The sentence for a file in which no delimiter gives a time column. */
function explain(body: readonly string[], leadingLines: number, separator: string | undefined): DialectProblem {
  const line = leadingLines + Math.min(body.length, 2);
  if (separator !== undefined && !DELIMITERS.some((delimiter) => delimiter === separator)) {
    return {
      code: "delimiter",
      reason: `its sep= line names ${JSON.stringify(separator)} as delimiter; comma, semicolon and tab are read`,
      line: 1,
    };
  }
  const delimiter = [...DELIMITERS].reverse().find((candidate) => splitLine(body[0], candidate).length > 1);
  if (delimiter === undefined) {
    return {
      code: "delimiter",
      reason: `its first line has no comma, semicolon or tab that could part columns: ${JSON.stringify(body[0].slice(0, 60))}`,
      line: leadingLines + 1,
    };
  }
  if (body.length === 1) {
    return {
      code: "header_only",
      reason: "it has a header and no rows; rows with a time and values are needed",
      line: leadingLines + 1,
    };
  }
  const head = splitLine(body[0], delimiter);
  const row = splitLine(body[1], delimiter);
  const named = head.findIndex(isTimeHeader);
  const numeric = row.findIndex((cell) => timeFromText(cell, "UTC") === timeFromText(cell, "UTC"));
  const column = named >= 0 ? named : Math.max(numeric, 0);
  const cell = (row[column] ?? "").trim();
  const why = timeProblem(timeFromText(cell, "UTC")) ?? "not a time that can be read for certain";
  return {
    code: why.startsWith("times") ? "old_time" : "no_time",
    reason: `no column holds times: column ${JSON.stringify(head[column] ?? "1")} has ${JSON.stringify(cell.slice(0, 40))} (${why}); needed are ISO 8601 times or epoch s, ms, us or ns`,
    line,
  };
}

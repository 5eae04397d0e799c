import { readColumns } from "./columns.js";
import type { Delimiter, Dialect, DialectProblem } from "./dialect-type.js";
import { isTimeHeader } from "./headers.js";
import { linesOfRecord } from "./records.js";
import { splitLine } from "./split-line.js";
import { timeFromText, timeProblem } from "./time.js";

/** Rows that are looked at; the first of a file may be all of one series. */
const SAMPLE_ROWS = 200;
/** Semicolons and tabs before commas: where they split the rows into times and values, a comma is a decimal comma. */
const DELIMITERS: readonly Delimiter[] = ["\t", ";", ","];

/**
 * The dialect of a file, from its beginning: a sample of whole lines, decoded and without byte order mark.
 *
 * The delimiter is the one that splits the rows so that one column holds times. Of several such columns a name like
 * `Time` decides, then the leftmost with written dates, then the leftmost with epoch numbers.
 */
export function detectDialect(sample: string): Dialect | DialectProblem {
  const lines = sample.split(/\r*\n/);
  let leadingLines = 0;
  while (leadingLines < lines.length && lines[leadingLines].trim() === "") leadingLines++;
  const separator = /^"?sep=(.)"?$/i.exec(lines[leadingLines] ?? "")?.[1];
  if (separator !== undefined) leadingLines++;
  const body: string[] = [];
  for (let i = leadingLines; i < lines.length && body.length < SAMPLE_ROWS && lines[i].trim() !== ""; ) {
    const count = linesOfRecord(lines, i);
    body.push(count === 1 ? lines[i] : lines.slice(i, i + count).join("\n"));
    i += count;
  }
  if (body.length === 0)
    return { code: "empty", reason: "it is empty; a time column and at least one value column are needed" };

  const candidates = separator === undefined ? DELIMITERS : DELIMITERS.filter((delimiter) => delimiter === separator);
  for (const delimiter of candidates) {
    const rows = body.map((line) => splitLine(line, delimiter));
    const dialect = readColumns(rows, delimiter, leadingLines, body[0].split("\n").length);
    if (dialect !== undefined) return dialect;
  }
  return explain(body, leadingLines, separator);
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
      reason: `its first line has no comma, semicolon or tab that could separate columns: ${JSON.stringify(body[0].slice(0, 60))}`,
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

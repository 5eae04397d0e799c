import { type DayOrder, dayOrderIn, isAmbiguousDate } from "../time/instant-iso.js";
import { oddCell } from "./cell.js";
import type { Delimiter, Dialect, DialectProblem } from "./dialect-type.js";
import { isNameHeader, isRemarkHeader, isTimeHeader, uniqueNames } from "./headers.js";
import { likelyName } from "./likely-name.js";
import { timeFromText, timeProblem } from "./time.js";
import { timeFormatOf } from "./time-format.js";

const isTime = (text: string, order?: DayOrder) =>
  timeProblem(timeFromText(text, "UTC", order)) === undefined || isAmbiguousDate(text.trim());

/**
 * The columns of rows that were split by the right delimiter: which is the time, which name series, which are measured.
 * Undefined where no column holds times, so that another delimiter may be tried.
 */
export function readColumns(
  rows: readonly string[][],
  delimiter: Delimiter,
  leadingLines: number,
  firstRowLines: number,
): Dialect | DialectProblem | undefined {
  const first = rows[0];
  if (first.length < 2) return undefined;
  const dayOrder = rows
    .flat()
    .map((cell) => dayOrderIn(cell.trim()))
    .find((order) => order !== undefined);
  // Column names may be long numbers, which could be times; behind a column called Time they are names.
  const header =
    !isTime(first[0], dayOrder) && (first.some(isTimeHeader) || !first.some((cell) => isTime(cell, dayOrder)));
  const headerLines = header ? firstRowLines : 0;
  const data = header ? rows.slice(1) : rows;
  if (data.length === 0) return undefined;
  const timeColumn = findTimeColumn(header ? first : [], data, dayOrder);
  if (timeColumn < 0) return undefined;
  const times = data.map((row) => (row[timeColumn] ?? "").trim());
  if (dayOrder === undefined && times.some(isAmbiguousDate)) {
    return {
      code: "ambiguous_date",
      reason: `dates such as ${times.find(isAmbiguousDate)} can be read day first or month first; export them as YYYY-MM-DD or epoch seconds`,
      line: leadingLines + headerLines + 1,
    };
  }
  const decimal = delimiter === ";" && usesDecimalComma(data) ? "," : ".";
  const rest = first.map((_, column) => column).filter((column) => column !== timeColumn);
  const timesMs = times.map((text) => timeFromText(text, "UTC", dayOrder));
  const rising = timesMs.every((timeMs, i) => i === 0 || !(timeMs <= timesMs[i - 1]));
  const kinds = new Map(
    rest.map((column) => [
      column,
      columnKind(column, header ? first[column] : undefined, data, decimal, rising, first.length),
    ]),
  );
  const of = (kind: "name" | "remark" | "value") => rest.filter((column) => kinds.get(column) === kind);
  // Where a remark is all there is, as in a file of `time,label`, it is the value.
  const [names, values, remarks] =
    of("value").length > 0 ? [of("name"), of("value"), of("remark")] : [of("name"), of("remark"), []];
  const shape = names.length > 0 && values.length > 0 ? "long" : "wide";
  if (values.length === 0) {
    const shown = data[0].find((_, column) => column !== timeColumn) ?? "";
    return {
      code: "no_values",
      reason: `no column holds numbers (the first row has ${JSON.stringify(shown.slice(0, 40))}); one column of times and at least one of numbers are needed`,
      line: leadingLines + headerLines + 1,
    };
  }
  const example = times.find((text) => isTime(text, dayOrder)) ?? "";
  const format = timeFormatOf(example);
  const candidates = [
    ...remarks.map((column) => ({ column, numeric: false })),
    ...(values.length > 1 ? values.map((column) => ({ column, numeric: true })) : []),
  ];
  const likely = shape === "wide" && header ? likelyName(data, timesMs, candidates) : undefined;
  return {
    delimiter,
    decimal,
    ...(likely === undefined ? {} : { likelyName: first[likely].trim() }),
    leadingLines,
    headerLines,
    columns: header ? uniqueNames(first) : inventNames(first.length, timeColumn, names, values),
    header,
    shape,
    timeColumn,
    nameColumns: shape === "long" ? names : [],
    valueColumns: values,
    ignored: remarks.map((column) => first[column].trim()),
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

/** What the cells of a column are, as far as the sample shows. */
function columnKind(
  column: number,
  header: string | undefined,
  data: readonly string[][],
  decimal: "." | ",",
  rising: boolean,
  width: number,
): "name" | "remark" | "value" {
  if (header !== undefined && isRemarkHeader(header)) return "remark";
  // A row that is too short says nothing of the columns it does not have.
  const cells = data.flatMap((row) => (column < row.length ? [row[column].trim()] : []));
  const filled = cells.filter((cell) => cell !== "");
  const constant = filled.every((cell) => cell === filled[0]);
  // A name that is a number shows by standing at one time with another one, or by never changing.
  const numeric = header !== undefined && isNameHeader(header) && width > 2 && (constant || !rising);
  if (numeric && filled.length > 0 && filled.length === cells.length) return "name";
  const words = filled.filter((cell) => {
    const odd = oddCell(cell, decimal);
    return odd.kind === "refused" && odd.reason.startsWith("text");
  });
  // Of all cells and not of the filled ones: a few words in an empty column do not name every row.
  if (words.length * 2 <= cells.length) return "value";
  // Text that changes from row to row while time only increases is a remark on one series.
  const isRemark = rising && !constant && header !== undefined && !isNameHeader(header);
  return isRemark && width > 2 ? "remark" : "name";
}

/** Cells such as `0,5` and none such as `0.5`. */
function usesDecimalComma(data: readonly string[][]): boolean {
  const cells = data.flat();
  return (
    cells.some((cell) => /^\s*-?\d+,\d+\s*(%|[A-Za-zµμ]{1,5}(\/s)?)?\s*$/.test(cell)) &&
    !cells.some((cell) => /^\s*-?\d+\.\d+\s*$/.test(cell))
  );
}

function inventNames(count: number, time: number, names: readonly number[], values: readonly number[]): string[] {
  return Array.from({ length: count }, (_, column) => {
    if (column === time) return "time";
    if (names.includes(column)) return names.length === 1 ? "name" : `name${names.indexOf(column) + 1}`;
    return values.length === 1 ? "value" : `column${column + 1}`;
  });
}

import type { Points } from "../series/points.js";
import { tidyTable } from "../series/points.js";
import type { Scratch } from "../shelf/scratch.js";
import { count } from "../wording/count.js";
import { oddCell } from "./cell.js";
import { inBaseUnit, UNIT_BITS } from "./cell-units.js";
import { parseNumber } from "./number.js";
import type { SpilledColumn } from "./spilled-columns.js";
import type { TimeParser } from "./time.js";
import { timeProblem } from "./time.js";

/** A cell that could not be used; its value counts as missing, or its whole row where it is the time. */
export interface RefusedCell {
  /** 1-based line of the file; where quoted cells hold line breaks, of its rows. */
  readonly line: number;
  /** The column's name and the cell; absent where it is the row that is odd. */
  readonly column?: string;
  readonly text?: string;
  readonly reason: string;
}

/** @example describeRefused({ line: 2, column: "n1", text: "abc", reason: "…" }) // 'line 2, column n1: "abc" is …' */
export function describeRefused({ line, column, text, reason }: RefusedCell): string {
  return column === undefined
    ? `line ${line}: ${reason}`
    : `line ${line}, column ${column}: ${JSON.stringify(text)} is ${reason}`;
}

/** What reading a file counts; shared by all tables (blocks) of the file. */
export interface ReadCounts {
  rows: number;
  /** First and last time of these rows, those outside the range wanted too; infinite before the first row. */
  firstMs: number;
  lastMs: number;
  refused: number;
  /** Formatted cells that were converted to their base unit: as exact as they were written. */
  converted: number;
  readonly examples: RefusedCell[];
  /** Memory of the values of all tables so far. */
  valueBytes: number;
  /** Counts memory before it is taken. @throws InputError where that is more than the machine has to give. */
  countBytes(added: number): void;
  /** Series of all tables so far. */
  series: number;
  /** Counts series before room is made for them. @throws InputError beyond the limit, naming the file and `columns`. */
  countSeries(added: number, columns: readonly string[]): void;
}

export const EXAMPLE_LIMIT = 5;

export function refuse(counts: ReadCounts, line: number, column: string, text: string, reason: string): void {
  counts.refused++;
  if (counts.examples.length < EXAMPLE_LIMIT) counts.examples.push({ line, column, text: text.slice(0, 40), reason });
}

/** Counts a row that cannot be used whole. */
export function refuseRow(counts: ReadCounts, line: number, reason: string): void {
  counts.refused++;
  if (counts.examples.length < EXAMPLE_LIMIT) counts.examples.push({ line, reason });
}

/** Counts a row whose cells are more or fewer than the columns; what stands under a column's name is used all the same. */
export function refuseWidth({ columns }: Layout, counts: ReadCounts, line: number, cells: number): void {
  const got = count(cells, "cell");
  refuseRow(counts, line, `the row has ${got} and the file ${columns.length} columns`);
}

/** Where the columns of a block are, and how its cells are read. */
export interface Layout {
  readonly columns: readonly string[];
  readonly timeColumn: number;
  readonly nameColumns: readonly number[];
  readonly valueColumns: readonly number[];
  /** For each column of the file: its place among the value columns, or -1. */
  readonly valueAt: Int32Array;
  readonly decimal: "." | ",";
  readonly parseTime: TimeParser;
  readonly rangeStartMs: number;
  readonly rangeEndMs: number;
  /** Rows that the table will have, about; a guess from the file's size. */
  readonly rowsExpected: number;
  /** Where values are put while the file is read; absent: memory. */
  readonly scratch?: Scratch;
}

/** One series of a block, as read. */
export interface ReadSeries {
  readonly name: string;
  /** What named it, by column, in a long table; empty in a wide one. */
  readonly fields: Readonly<Record<string, string>>;
  readonly points: Points;
  /** Where the values of `points` lie, if they are not in memory. */
  readonly spilled?: SpilledColumn;
  /** Cells that had a unit, and cells that were plain numbers beside them (0 where none had a unit). */
  readonly unitCells: number;
  /** The base units of these cells, as bits. */
  readonly units: number;
  readonly plainCells: number;
}

export interface FinishedTable {
  readonly series: readonly ReadSeries[];
  readonly ordered: boolean;
  readonly duplicateRows: number;
  readonly equal: number;
  readonly conflicting: number;
}

/**
 * A block of a file while it is read: rows come in as cell bounds over bytes and end up in growing typed arrays, so that
 * memory is bounded by the values kept.
 */
export interface Table {
  readonly layout: Layout;
  /** `bounds` holds start and end of each cell: cell c is `bytes[bounds[2c], bounds[2c + 1])`. */
  row(bytes: Uint8Array, bounds: Int32Array, cells: number, line: number): void;
  finish(): FinishedTable;
}

export const cellText = (bytes: Uint8Array, start: number, end: number) =>
  Buffer.from(bytes.buffer, bytes.byteOffset + start, end - start).toString("utf8");

/**
 * The time of a row, or NaN for a row to be left out: refused (and counted), a repeated header (an export that was
 * appended to another), or outside the range wanted.
 */
export function rowTime(
  layout: Layout,
  counts: ReadCounts,
  bytes: Uint8Array,
  start: number,
  end: number,
  line: number,
): number {
  const timeMs = layout.parseTime(bytes, start, end);
  const problem = timeProblem(timeMs);
  if (problem !== undefined) {
    const text = cellText(bytes, start, end);
    const name = layout.columns[layout.timeColumn];
    if (text.trim() !== name) refuse(counts, line, name, text, problem);
    return Number.NaN;
  }
  counts.rows++;
  if (timeMs < counts.firstMs) counts.firstMs = timeMs;
  if (timeMs > counts.lastMs) counts.lastMs = timeMs;
  return timeMs >= layout.rangeStartMs && timeMs < layout.rangeEndMs ? timeMs : Number.NaN;
}

/** What the value cell of a series adds to the percent count of its series; one scratch object, so none a cell. */
export interface CellResult {
  /** The bit of the cell's base unit; 0 for a plain number and where there is no value. */
  unit: number;
}

/** A value cell of any kind → its number, NaN where it is missing or refused. */
export function cellValue(
  layout: Layout,
  counts: ReadCounts,
  bytes: Uint8Array,
  start: number,
  end: number,
  column: number,
  line: number,
  result: CellResult,
): number {
  result.unit = 0;
  if (end <= start) return Number.NaN;
  const plain = parseNumber(bytes, start, end, layout.decimal.charCodeAt(0));
  if (plain - plain === 0) return plain;
  const text = cellText(bytes, start, end);
  const odd =
    plain === plain
      ? ({ kind: "refused", reason: "infinite, taken as missing" } as const)
      : oddCell(text, layout.decimal);
  switch (odd.kind) {
    case "missing":
      return Number.NaN;
    case "refused":
      refuse(counts, line, layout.columns[column] ?? `column ${column + 1}`, text, odd.reason);
      return Number.NaN;
    case "number":
      return Number(odd.text.replace(layout.decimal, "."));
    case "unit": {
      const { base } = odd.unit;
      if (base !== undefined) result.unit = UNIT_BITS[base];
      if (base !== "percent") counts.converted++;
      return inBaseUnit(odd.text.replace(layout.decimal, "."), odd.unit);
    }
  }
}

const FIRST_CAPACITY = 1024;

/** Twice the space (`first` at first), the new part filled with NaN so that short rows leave missing values. */
export function grown(values: Float64Array, first = FIRST_CAPACITY): Float64Array {
  const larger = new Float64Array(Math.max(first, values.length * 2)).fill(Number.NaN, values.length);
  larger.set(values);
  return larger;
}

/** Values that were no percentages, in a series that has some; 0 without looking where it has none. */
export function plainCells(unitCells: number, values: Float64Array, length: number): number {
  if (unitCells === 0) return 0;
  let valid = 0;
  for (let i = 0; i < length; i++) if (values[i] === values[i]) valid++;
  return valid - unitCells;
}

/** The tables' arrays cut to length, sorted and with each time once. */
export function finished(
  times: Float64Array,
  columns: readonly Float64Array[],
  series: readonly Omit<ReadSeries, "points" | "spilled">[],
): FinishedTable {
  const tidy = tidyTable(times, columns);
  return {
    series: series.map((one, i) => ({ ...one, points: { times: tidy.times, values: tidy.columns[i] } })),
    ordered: tidy.ordered,
    duplicateRows: tidy.duplicateRows,
    equal: tidy.equal,
    conflicting: tidy.conflicting,
  };
}

/* Longer than most: the states of one pass over the bytes share their buffers. */
import { InputError } from "../errors/errors.js";
import type { Scratch } from "../shelf/scratch.js";
import {
  DEFAULT_MAX_SERIES,
  type InputLimits,
  memoryForValues,
  tooManySeries,
  tooManyValues,
} from "../sources/input-limits.js";
import { type OnBytes, readLineBlocks } from "./bytes.js";
import { detectDialect } from "./dialect.js";
import type { Dialect } from "./dialect-type.js";
import { endLastLine } from "./end-last-line.js";
import { EVENTS_ADVICE, refuseEvents } from "./event-table.js";
import { firstRows, guessRows } from "./guess-rows.js";
import { isTimeHeader, uniqueNames } from "./headers.js";
import { createLongTable } from "./long-table.js";
import type { QuotedReader } from "./quoted.js";
import { isQuoteOpen } from "./records.js";
import { type Cursor, type Stop, scanRows, scanWide } from "./scan.js";
import { splitLine } from "./split-line.js";
import { cellText, describeRefused, type FinishedTable, type Layout, type ReadCounts, type Table } from "./table.js";
import { createTimeParser, type TimeParser, timeProblem } from "./time.js";
import { createWideTable, type WideTable } from "./wide-table.js";
import { refuseWideHeader } from "./widest-row.js";

/** How the cells of a file are to be read. */
export interface ReadOptions extends InputLimits {
  /** Zone of times that carry none. */
  readonly timezone: string;
  /** Rows outside `[rangeStartMs, rangeEndMs)` are counted and not kept. */
  readonly rangeStartMs: number;
  readonly rangeEndMs: number;
  /** Where values are put while the file is read; absent: memory. */
  readonly scratch?: Scratch;
}

export interface ReadFile {
  readonly dialect: Dialect;
  readonly bytes: number;
  readonly blocks: number;
  readonly tables: readonly FinishedTable[];
  readonly counts: ReadCounts;
}

const LF = 10;
const CR = 13;
/** Enough for the dialect: some thousand rows of a narrow file. A wide file's first lines are taken whole. */
const SAMPLE_BYTES = 262_144;

/**
 * Reads one CSV file, streamed. Rows and cells that cannot be used are counted, never guessed.
 *
 * @throws InputError naming the file (and line) where nothing in it can be used.
 */
export async function readCsvFile(path: string, options: ReadOptions, onBytes: OnBytes): Promise<ReadFile> {
  const reader = createFileReader(path, options);
  let bytes = 0;
  const count: OnBytes = (chunk) => {
    bytes += chunk.length;
    onBytes(chunk);
  };
  for await (const block of readLineBlocks(path, count, options.maxDecompressedBytes)) await reader.block(block);
  return { ...(await reader.finish()), bytes };
}

/** Goes through the blocks of one file: the dialect from the first, then bytes, then csv-parse once a quote appears. */
function createFileReader(path: string, options: ReadOptions) {
  const maxValueBytes = memoryForValues();
  const maxSeries = options.maxSeries ?? DEFAULT_MAX_SERIES;
  const counts: ReadCounts = {
    rows: 0,
    firstMs: Number.POSITIVE_INFINITY,
    lastMs: Number.NEGATIVE_INFINITY,
    refused: 0,
    converted: 0,
    examples: [],
    series: 0,
    valueBytes: 0,
    countBytes(added) {
      counts.valueBytes += added;
      if (counts.valueBytes > maxValueBytes) throw tooManyValues(path, maxValueBytes);
    },
    countSeries(added, columns) {
      counts.series += added;
      if (counts.series <= maxSeries) return;
      const named = columns.map((column) => JSON.stringify(column)).join(", ");
      const advice = counts.rows < 2 * counts.series ? `, about one row each: ${EVENTS_ADVICE}` : "";
      throw tooManySeries(named === "" ? path : `${path}, column ${named},`, maxSeries, named === "" ? "" : advice);
    },
  };
  const tables: Table[] = [];
  const columnNames = new Set<string>();
  const cursor: Cursor = { at: 0, line: 1 };
  let dialect: Dialect | undefined;
  let parseTime: TimeParser = () => Number.NaN;
  let scan: (bytes: Buffer, end: number) => Stop = () => "end";
  let quoted: QuotedReader | undefined;
  let afterBlank = false;
  let rowsExpected = 0;

  /** Blocks often have the same columns again: only new ones are counted. */
  function countColumns({ columns, valueColumns }: Layout): void {
    const before = columnNames.size;
    for (const column of valueColumns) columnNames.add(columns[column]);
    counts.countSeries(columnNames.size - before, []);
  }

  function begin(names: readonly string[], known: Dialect): void {
    const layout = layoutOf(names, known, parseTime, rowsExpected, options);
    // Of a file of several blocks the others are as large as they are.
    rowsExpected = 0;
    if (layout.nameColumns.length === 0) countColumns(layout);
    const table = layout.nameColumns.length > 0 ? createLongTable(layout, counts) : createWideTable(layout, counts);
    tables.push(table);
    const delimiter = known.delimiter.charCodeAt(0);
    scan =
      layout.nameColumns.length > 0
        ? (bytes, end) => scanRows(table, bytes, end, cursor, delimiter)
        : (bytes, end) => scanWide(table as WideTable, bytes, end, cursor, delimiter);
  }

  function isTimeCell(text: string): boolean {
    const bytes = Buffer.from(text);
    return timeProblem(parseTime(bytes, 0, bytes.length)) === undefined;
  }

  /** The line after a blank one: the header of the next block, or simply the next row. True if it was a header. */
  function beginBlock(cells: readonly string[], known: Dialect): boolean {
    const { timeColumn } = tables[tables.length - 1].layout;
    // A row that begins with a time is never a header.
    if (isTimeCell(cells[0]) || isTimeCell(cells[timeColumn] ?? "")) return false;
    if (cells.length < 2) return false;
    begin(uniqueNames(cells), known);
    return true;
  }

  /** Gives the rest of the file to csv-parse, which most files need not load. */
  async function beginQuoted(known: Dialect, blankBefore: boolean): Promise<void> {
    const { createQuotedReader } = await import("./quoted.js");
    const onRow = quotedRows(tables, cursor, blankBefore, (cells) => beginBlock(cells, known));
    quoted = createQuotedReader(path, known.delimiter, onRow);
  }

  function detect(block: Buffer): Dialect {
    refuseWideHeader(path, block, maxSeries);
    const found = detectDialect(sampleOf(block));
    if ("reason" in found) {
      const where = found.line === undefined ? "" : ` line ${found.line}`;
      throw new InputError(found.code, `${path}${where}: ${found.reason}`);
    }
    parseTime = createTimeParser(options.timezone, found.dayOrder);
    rowsExpected = guessRows(path, block);
    begin(found.columns, found);
    for (let i = 0; i < found.leadingLines + found.headerLines; i++) skipLine(block, cursor);
    return found;
  }

  return {
    async block(content: Buffer): Promise<void> {
      let block = content;
      cursor.at = 0;
      dialect ??= detect(block);
      const known = dialect;
      if (block[block.length - 1] !== LF) block = endLastLine(block, tables, counts, cursor, known);
      while (quoted === undefined && cursor.at < block.length) {
        if (afterBlank && block[cursor.at] !== LF && block[cursor.at] !== CR) {
          afterBlank = false;
          const line = cellText(block, cursor.at, lineEnd(block, cursor.at));
          if (isQuoteOpen(line)) await beginQuoted(known, true);
          else if (beginBlock(splitLine(line, known.delimiter), known)) skipLine(block, cursor);
          continue;
        }
        const stop = scan(block, block.length);
        if (stop === "blank") {
          skipLine(block, cursor);
          afterBlank = true;
        } else if (stop === "quote") {
          await beginQuoted(known, false);
        }
      }
      if (quoted !== undefined) await quoted.write(block.subarray(cursor.at));
    },

    async finish(): Promise<Omit<ReadFile, "bytes">> {
      await quoted?.end();
      if (dialect === undefined) {
        throw new InputError("empty", `${path} is empty; a time column and at least one value column are needed`);
      }
      if (counts.rows === 0) {
        const [first] = counts.examples;
        const why = first === undefined ? "" : ` (${describeRefused(first)})`;
        throw new InputError(
          "no_rows",
          `${path} has no row that can be read${why}; rows with a time and values are needed`,
        );
      }
      const finished = tables.map((table) => table.finish());
      tables.forEach(({ layout }, i) => {
        if (layout.nameColumns.length > 0) refuseEvents(path, layout, finished[i]);
      });
      return { dialect, blocks: tables.length, tables: finished, counts };
    },
  };
}

/** Rows of csv-parse, put back into bytes so that every cell is read by the same code as an unquoted one. */
function quotedRows(
  tables: readonly Table[],
  cursor: Cursor,
  blankBefore: boolean,
  beginBlock: (cells: string[]) => boolean,
) {
  let scratch = Buffer.alloc(65_536);
  let bounds = new Int32Array(64);
  let afterBlank = blankBefore;
  return (cells: string[]) => {
    const line = cursor.line++;
    if (cells.length === 1 && cells[0] === "") {
      afterBlank = true;
      return;
    }
    const isHeader = afterBlank && beginBlock(cells);
    afterBlank = false;
    if (isHeader) return;
    let characters = 0;
    for (const cell of cells) characters += cell.length;
    // UTF-8 takes at most three bytes for each UTF-16 unit.
    if (characters * 3 > scratch.length) scratch = Buffer.alloc(characters * 6);
    if (cells.length * 2 > bounds.length) bounds = new Int32Array(cells.length * 4);
    let at = 0;
    for (let cell = 0; cell < cells.length; cell++) {
      bounds[2 * cell] = at;
      at += scratch.write(cells[cell], at);
      bounds[2 * cell + 1] = at;
    }
    tables[tables.length - 1].row(scratch, bounds, cells.length, line);
  };
}

function layoutOf(
  names: readonly string[],
  dialect: Dialect,
  parseTime: TimeParser,
  rowsExpected: number,
  options: ReadOptions,
): Layout {
  const same = names === dialect.columns || (names.length === dialect.columns.length && dialect.shape === "long");
  const named = names.findIndex(isTimeHeader);
  const timeColumn = same ? dialect.timeColumn : named >= 0 ? named : Math.min(dialect.timeColumn, names.length - 1);
  const valueColumns = same ? dialect.valueColumns : names.map((_, i) => i).filter((i) => i !== timeColumn);
  const valueAt = new Int32Array(names.length).fill(-1);
  valueColumns.forEach((column, place) => {
    valueAt[column] = place;
  });
  const { rangeStartMs, rangeEndMs, scratch } = options;
  const nameColumns = same ? dialect.nameColumns : [];
  return {
    columns: names,
    timeColumn,
    nameColumns,
    valueColumns,
    valueAt,
    decimal: dialect.decimal,
    parseTime,
    rangeStartMs,
    rangeEndMs,
    rowsExpected: firstRows(rowsExpected, names.length),
    scratch,
  };
}

function sampleOf(block: Buffer): string {
  if (block.length <= SAMPLE_BYTES) return block.toString("utf8");
  const cut = block.lastIndexOf(LF, SAMPLE_BYTES);
  const wide = cut < 0 || block.indexOf(LF) === cut;
  // A header of a quarter megabyte: take what the block holds, up to eight lines.
  return block.subarray(0, wide ? block.length : cut).toString("utf8");
}

const lineEnd = (block: Buffer, from: number) => {
  const end = block.indexOf(LF, from);
  return end > from && block[end - 1] === CR ? end - 1 : end;
};

function skipLine(block: Buffer, cursor: Cursor): void {
  const end = block.indexOf(LF, cursor.at);
  cursor.at = end < 0 ? block.length : end + 1;
  cursor.line++;
}

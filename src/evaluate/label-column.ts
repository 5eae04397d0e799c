import { readLineBlocks } from "../csv/bytes.js";
import { detectDialect } from "../csv/dialect.js";
import type { Dialect } from "../csv/dialect-type.js";
import { splitLine } from "../csv/split-line.js";
import { createTimeParser, timeProblem } from "../csv/time.js";
import { refuseWideHeader } from "../csv/widest-row.js";
import { InputError } from "../errors/errors.js";
import type { Series } from "../series/series.js";
import type { InputLimits } from "../sources/input-limits.js";

/** A column of marks beside the measurements: for each row its time, and whether it is marked. */
export interface LabelColumn {
  readonly times: Float64Array;
  readonly marked: Uint8Array;
}

/** Lines that are looked at to detect the dialect. */
const SAMPLE_LINES = 200;
/** What is longer is cut off, and is no time before either. */
const LONGEST_TIME_BYTES = 256;
/** What people and tools write for "no"; an empty cell is one, too. */
const NO = /^(0(\.0*)?|false|no|normal|ok|none|nan|null)?$/i;

/**
 * The label column of a CSV file, by its name in the header (any case); undefined where the file has none.
 *
 * `0`, `false`, `no`, `normal`, `ok` and empty cells are no label, all else is one. Rows whose time cannot be read are left out, as
 * they are where values are read.
 *
 * @throws InputError naming the file where it cannot be read.
 */
export async function readLabelColumn(
  path: string,
  name: string,
  timezone: string,
  { maxSeries, maxDecompressedBytes }: InputLimits = {},
): Promise<LabelColumn | undefined> {
  let times = new Float64Array(1024);
  let marked = new Uint8Array(1024);
  let length = 0;
  let layout: { readonly dialect: Dialect; readonly column: number } | undefined;
  let parseTime = createTimeParser(timezone);
  const time = Buffer.alloc(LONGEST_TIME_BYTES);
  const add = (timeMs: number, mark: boolean) => {
    if (length === times.length) {
      times = grownTo(times, new Float64Array(length * 2));
      marked = grownTo(marked, new Uint8Array(length * 2));
    }
    times[length] = timeMs;
    marked[length++] = mark ? 1 : 0;
  };
  for await (const block of readLineBlocks(path, () => {}, maxDecompressedBytes)) {
    if (layout === undefined) refuseWideHeader(path, block, maxSeries);
    const lines = block.toString("utf8").split(/\r?\n/);
    let from = 0;
    if (layout === undefined) {
      const dialect = detectDialect(lines.slice(0, SAMPLE_LINES).join("\n"));
      if ("reason" in dialect) throw new InputError(dialect.code, `${path}: ${dialect.reason}`);
      const header = splitLine(
        lines.slice(dialect.leadingLines, dialect.leadingLines + dialect.headerLines).join("\n"),
        dialect.delimiter,
      );
      const column = dialect.header ? header.findIndex((cell) => cell.trim().toLowerCase() === name.toLowerCase()) : -1;
      if (column < 0) return undefined;
      layout = { dialect, column };
      parseTime = createTimeParser(timezone, dialect.dayOrder);
      from = dialect.leadingLines + dialect.headerLines;
    }
    const { dialect, column } = layout;
    for (let i = from; i < lines.length; i++) {
      if (lines[i] === "") continue;
      const cells = splitLine(lines[i], dialect.delimiter);
      const timeMs = parseTime(time, 0, time.write(cells[dialect.timeColumn] ?? ""));
      if (timeProblem(timeMs) === undefined) add(timeMs, isMark(cells[column] ?? ""));
    }
  }
  return layout === undefined ? undefined : { times: times.slice(0, length), marked: marked.slice(0, length) };
}

function isMark(cell: string): boolean {
  // Nearly all cells are one of these two.
  return cell === "1" || (cell !== "0" && !NO.test(cell.trim()));
}

function grownTo<T extends Float64Array | Uint8Array>(from: T, larger: T): T {
  larger.set(from);
  return larger;
}

/** The labels on a series' slots: a slot is labelled if any row in it is. */
export function labelsOnGrid({ times, marked }: LabelColumn, series: Series): Uint8Array {
  const label = new Uint8Array(series.values.length);
  for (let i = 0; i < times.length; i++) {
    const slot = Math.floor((times[i] - series.startMs) / series.stepMs);
    if (marked[i] === 1 && slot >= 0 && slot < label.length) label[slot] = 1;
  }
  return label;
}

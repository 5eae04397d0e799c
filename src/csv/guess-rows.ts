import { statSync } from "node:fs";

const LF = 10;
/** Rows are guessed a little more than the first ones say, and room is made for no fewer than these: growing copies all columns. */
const LEAST_ROWS = 1024;
/** … less where columns are many: 100,000 columns of 1,024 rows are 800 MB, and the file may hold two rows. */
const LEAST_CELLS = 1 << 20;
const FEWEST_ROWS = 16;
const MORE = 1.03;

/**
 * About how many rows a file has, by its size and its first lines. Of a file that is packed it is too few, which only costs
 * growing.
 */
export function guessRows(path: string, block: Buffer): number {
  let [lines, end] = [0, 0];
  for (let at = block.indexOf(LF); at >= 0 && lines < 100; at = block.indexOf(LF, end)) {
    lines++;
    end = at + 1;
  }
  const fileBytes = statSync(path, { throwIfNoEntry: false })?.size ?? 0;
  return Math.ceil((MORE * fileBytes * lines) / Math.max(1, end));
}

/** The rows that room is made for at first, in a table of `columns` of which `rows` are guessed. */
export function firstRows(rows: number, columns: number): number {
  return Math.max(rows, Math.min(LEAST_ROWS, Math.max(FEWEST_ROWS, Math.floor(LEAST_CELLS / columns))));
}

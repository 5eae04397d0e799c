import { statSync } from "node:fs";

const LF = 10;
/** Rows are guessed no fewer than this, and a little more than the first ones say: growing copies all columns. */
export const LEAST_ROWS = 1024;
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
  return Math.max(LEAST_ROWS, Math.ceil((MORE * fileBytes * lines) / Math.max(1, end)));
}

import type { Points } from "../series/points.js";
import { readDoubles, type Scratch } from "../shelf/scratch.js";

/** Rows that a table holds in memory before it puts them away: 100 columns of them are 3 MB. */
export const SPILL_ROWS = 4096;

/** Some rows of all columns of a table in a scratch file: column after column. */
export interface SpilledRows {
  readonly byte: number;
  readonly rows: number;
}

/** Where the values of one series lie: plain data. */
export interface SpilledColumn {
  readonly path: string;
  readonly runs: readonly { readonly byte: number; readonly length: number }[];
}

/** Puts the first `rows` entries of each column away. */
export function spillRows(scratch: Scratch, columns: readonly Float64Array[], rows: number): SpilledRows {
  const together = new Float64Array(columns.length * rows);
  columns.forEach((column, c) => {
    together.set(column.subarray(0, rows), c * rows);
  });
  return { byte: scratch.append(together), rows };
}

/** Where column number `column` lies in the pieces of its table. */
export function spilledColumn(path: string, pieces: readonly SpilledRows[], column: number): SpilledColumn {
  const bytes = Float64Array.BYTES_PER_ELEMENT;
  return { path, runs: pieces.map(({ byte, rows }) => ({ byte: byte + column * rows * bytes, length: rows })) };
}

/** Points whose values are read again each time they are requested, so that nobody holds them. */
export function spilledPoints(times: Float64Array, { path, runs }: SpilledColumn): Points {
  return {
    times,
    get values() {
      return readDoubles(path, runs);
    },
  };
}

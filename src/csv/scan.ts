import { EXACT_DIGITS, POWERS_OF_TEN } from "./number.js";
import { type CellResult, cellValue, refuseWidth, rowTime, type Table } from "./table.js";
import type { WideTable } from "./wide-table.js";

/*
 * The fast way through a file: bytes in, numbers out, no string and no object for a cell. It knows no quotes; at the
 * first one it stops at the start of that line and the caller continues with csv-parse.
 */

/** Where a scan is; `line` is the 1-based number of the line at `at`. */
export interface Cursor {
  at: number;
  line: number;
}

/** Why a scan stopped at `cursor.at`: nothing left, a line with a quote, or a blank line (the end of a block). */
export type Stop = "end" | "quote" | "blank";

const LF = 10;
const CR = 13;
const QUOTE = 34;
const MINUS = 45;

/** Scans the lines of `bytes[cursor.at, end)`, each of which ends with a line feed, into a wide table. */
export function scanWide(table: WideTable, bytes: Uint8Array, end: number, cursor: Cursor, delimiter: number): Stop {
  const { layout, counts } = table;
  const { timeColumn, valueAt } = layout;
  const point = layout.decimal.charCodeAt(0);
  const result: CellResult = { unit: 0 };
  let p = cursor.at;
  while (p < end) {
    cursor.at = p;
    if (bytes[p] === LF || bytes[p] === CR) return "blank";
    // The time comes first, wherever its column is: a row that is not wanted is then skipped unread.
    let cell = 0;
    let timeStart = p;
    for (; ; p++) {
      const c = bytes[p];
      if (c === QUOTE) return "quote";
      if (c === LF) break;
      if (c === delimiter) {
        if (cell === timeColumn) break;
        cell++;
        timeStart = p + 1;
      }
    }
    const timeEnd = bytes[p] === LF && bytes[p - 1] === CR ? p - 1 : p;
    let timeMs = Number.NaN;
    if (cell === timeColumn) timeMs = rowTime(layout, counts, bytes, timeStart, timeEnd, cursor.line);
    else refuseWidth(layout, counts, cursor.line, cell + 1);
    if (timeMs !== timeMs) {
      while (bytes[p] !== LF) if (bytes[p++] === QUOTE) return "quote";
      p++;
      cursor.line++;
      continue;
    }
    if (timeColumn > 0) {
      p = cursor.at;
      cell = 0;
    } else if (bytes[p] !== LF) {
      p++;
      cell = 1;
    }

    table.reserve();
    const row = table.length;
    const columns = table.columns;
    while (bytes[p] !== LF) {
      const column = cell < valueAt.length ? valueAt[cell] : -1;
      const start = p;
      let value = Number.NaN;
      let q = p;
      const negative = bytes[q] === MINUS;
      if (negative) q++;
      const digitsStart = q;
      let mantissa = 0;
      let digit = bytes[q] - 48;
      while (digit >= 0 && digit <= 9) {
        mantissa = mantissa * 10 + digit;
        digit = bytes[++q] - 48;
      }
      let digits = q - digitsStart;
      if (bytes[q] === point) {
        const fractionStart = ++q;
        digit = bytes[q] - 48;
        while (digit >= 0 && digit <= 9) {
          mantissa = mantissa * 10 + digit;
          digit = bytes[++q] - 48;
        }
        const fraction = q - fractionStart;
        digits += fraction;
        // Past EXACT_DIGITS the value is not used, so the index may leave the table of powers.
        value = mantissa / POWERS_OF_TEN[fraction];
      } else value = mantissa;
      let c = bytes[q];
      if ((c === delimiter || c === LF || (c === CR && bytes[q + 1] === LF)) && digits > 0 && digits <= EXACT_DIGITS) {
        if (column >= 0) columns[column][row] = negative ? -value : value;
        p = q;
      } else {
        // Empty, long, padded, a percentage, text: find the end of the cell and look at it as a whole.
        c = bytes[q];
        while (c !== delimiter && c !== LF) {
          if (c === QUOTE) return "quote";
          c = bytes[++q];
        }
        p = q;
        const cellEnd = c === LF && bytes[q - 1] === CR ? q - 1 : q;
        if (column >= 0 && cellEnd > start) {
          columns[column][row] = cellValue(layout, counts, bytes, start, cellEnd, cell, cursor.line, result);
          if (result.unit !== 0) table.countUnit(column, result.unit);
        }
      }
      if (bytes[p] === CR) p++;
      if (bytes[p] === delimiter) {
        p++;
        cell++;
      }
    }
    if (cell + 1 !== valueAt.length) refuseWidth(layout, counts, cursor.line, cell + 1);
    table.times[row] = timeMs;
    table.length = row + 1;
    p++;
    cursor.line++;
  }
  cursor.at = p;
  return "end";
}

/** Cell bounds of one line, reused; grows with the widest line. */
let bounds = new Int32Array(64);

/** Scans the lines of `bytes[cursor.at, end)`, each of which ends with a line feed, into any table, row by row. */
export function scanRows(table: Table, bytes: Uint8Array, end: number, cursor: Cursor, delimiter: number): Stop {
  let p = cursor.at;
  while (p < end) {
    cursor.at = p;
    if (bytes[p] === LF || bytes[p] === CR) return "blank";
    let cells = 0;
    bounds[0] = p;
    for (; ; p++) {
      const c = bytes[p];
      if (c === QUOTE) return "quote";
      if (c !== delimiter && c !== LF) continue;
      bounds[2 * cells + 1] = c === LF && bytes[p - 1] === CR ? p - 1 : p;
      cells++;
      if (c === LF) break;
      if (2 * cells + 2 > bounds.length) {
        const wider = new Int32Array(bounds.length * 2);
        wider.set(bounds);
        bounds = wider;
      }
      bounds[2 * cells] = p + 1;
    }
    table.row(bytes, bounds, cells, cursor.line);
    p++;
    cursor.line++;
  }
  cursor.at = p;
  return "end";
}

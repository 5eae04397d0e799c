import type { Dialect } from "./dialect-type.js";
import type { Cursor } from "./scan.js";
import { splitLine } from "./split-line.js";
import { type ReadCounts, refuseRow, type Table } from "./table.js";

const LF = 10;

/**
 * Gives the file's last line its line feed. A last line with fewer cells than the others is one that was being written
 * when the file was copied: its last number may be half of one, so the row is refused.
 */
export function endLastLine(
  block: Buffer,
  tables: readonly Table[],
  counts: ReadCounts,
  cursor: Cursor,
  dialect: Dialect,
): Buffer {
  const start = block.lastIndexOf(LF) + 1;
  const line = block.toString("utf8", start);
  const { layout } = tables[tables.length - 1];
  if (start >= cursor.at && tables.length === 1 && !line.includes('"')) {
    const cells = splitLine(line, dialect.delimiter).length;
    if (cells < layout.columns.length) {
      let lines = cursor.line;
      for (let at = block.indexOf(LF, cursor.at); at >= 0; at = block.indexOf(LF, at + 1)) lines++;
      refuseRow(counts, lines, `the file ends within this row, after ${cells} of ${layout.columns.length} cells`);
      return block.subarray(0, start);
    }
  }
  return Buffer.concat([block, Buffer.of(LF)]);
}

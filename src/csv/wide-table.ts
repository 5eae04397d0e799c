import { tidyTable } from "../series/points.js";
import type { Scratch } from "../shelf/scratch.js";
import { SPILL_ROWS, type SpilledRows, spilledColumn, spilledPoints, spillRows } from "./spilled-columns.js";
import {
  type CellResult,
  cellValue,
  type FinishedTable,
  finished,
  grown,
  type Layout,
  plainCells,
  type ReadCounts,
  refuseWidth,
  rowTime,
  type Table,
} from "./table.js";

/** A block in which each value column is a series. `times` and `columns` are open to the fast scanner. */
export interface WideTable extends Table {
  readonly counts: ReadCounts;
  times: Float64Array;
  readonly columns: Float64Array[];
  readonly unitCells: Uint32Array;
  /** Counts a cell with a unit, given as its bit. */
  countUnit(column: number, unit: number): void;
  length: number;
  /** Makes room for one more row. */
  reserve(): void;
}

const BYTES = Float64Array.BYTES_PER_ELEMENT;

export function createWideTable(layout: Layout, counts: ReadCounts): WideTable {
  const result: CellResult = { unit: 0 };
  const { valueAt, valueColumns } = layout;
  const units = new Uint8Array(valueColumns.length);
  const times: Float64Array[] = [];
  const pieces: SpilledRows[] = [];
  function spill(scratch: Scratch): void {
    times.push(table.times.slice(0, table.length));
    pieces.push(spillRows(scratch, table.columns, table.length));
    table.length = 0;
    for (const column of table.columns) column.fill(Number.NaN);
  }
  const table: WideTable = {
    layout,
    counts,
    times: new Float64Array(0),
    columns: valueColumns.map(() => new Float64Array(0)),
    unitCells: new Uint32Array(valueColumns.length),
    length: 0,

    countUnit(column, unit) {
      table.unitCells[column]++;
      units[column] |= unit;
    },

    reserve() {
      if (table.length < table.times.length) return;
      if (layout.scratch !== undefined && table.length === SPILL_ROWS) {
        spill(layout.scratch);
        return;
      }
      const first = layout.scratch === undefined ? layout.rowsExpected : SPILL_ROWS;
      const before = table.times.length;
      counts.countBytes((table.columns.length + 1) * (Math.max(first, before * 2) - before) * BYTES);
      table.times = grown(table.times, first);
      for (let k = 0; k < table.columns.length; k++) table.columns[k] = grown(table.columns[k], first);
    },

    row(bytes, bounds, cells, line) {
      const at = layout.timeColumn * 2;
      if (cells <= layout.timeColumn) {
        refuseWidth(layout, counts, line, cells);
        return;
      }
      const timeMs = rowTime(layout, counts, bytes, bounds[at], bounds[at + 1], line);
      if (timeMs !== timeMs) return;
      if (cells !== valueAt.length) refuseWidth(layout, counts, line, cells);
      table.reserve();
      for (let cell = 0; cell < cells; cell++) {
        const column = cell < valueAt.length ? valueAt[cell] : -1;
        if (column < 0) continue;
        const value = cellValue(layout, counts, bytes, bounds[2 * cell], bounds[2 * cell + 1], cell, line, result);
        if (result.unit !== 0) table.countUnit(column, result.unit);
        table.columns[column][table.length] = value;
      }
      table.times[table.length++] = timeMs;
    },

    finish(): FinishedTable {
      if (layout.scratch !== undefined && pieces.length > 0) {
        spill(layout.scratch);
        return finishSpilled(layout, layout.scratch, joined(times), pieces, table.unitCells, units);
      }
      return finished(
        table.times.slice(0, table.length),
        table.columns.map((column) => column.slice(0, table.length)),
        valueColumns.map((column, k) => ({
          name: layout.columns[column],
          fields: {},
          unitCells: table.unitCells[k],
          units: units[k],
          plainCells: plainCells(table.unitCells[k], table.columns[k], table.length),
        })),
      );
    },
  };
  return table;
}

function joined(parts: readonly Float64Array[]): Float64Array {
  const all = new Float64Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    all.set(part, at);
    at += part.length;
  }
  return all;
}

/** What `finished` does, one column in memory at a time. */
function finishSpilled(
  { columns, valueColumns }: Layout,
  scratch: Scratch,
  times: Float64Array,
  pieces: readonly SpilledRows[],
  unitCells: Uint32Array,
  units: Uint8Array,
): FinishedTable {
  let [equal, conflicting] = [0, 0];
  const tidyTimes = tidyTable(times, []);
  const rising = tidyTimes.times === times;
  const series = valueColumns.map((column, k) => {
    const read = spilledColumn(scratch.path, pieces, k);
    let spilled = read;
    if (!rising) {
      const tidy = tidyTable(times, [spilledPoints(times, read).values]);
      equal += tidy.equal;
      conflicting += tidy.conflicting;
      const [values] = tidy.columns;
      spilled = { path: scratch.path, runs: [{ byte: scratch.append(values), length: values.length }] };
    }
    const points = spilledPoints(tidyTimes.times, spilled);
    const percent = unitCells[k];
    const plain = percent === 0 ? 0 : plainCells(percent, spilledPoints(times, read).values, times.length);
    return {
      name: columns[column],
      fields: {},
      unitCells: percent,
      units: units[k],
      plainCells: plain,
      points,
      spilled,
    };
  });
  const { ordered, duplicateRows } = tidyTimes;
  return { series, ordered, duplicateRows, equal, conflicting };
}

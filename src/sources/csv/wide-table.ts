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
  readonly percentCells: Uint32Array;
  length: number;
  /** Makes room for one more row. */
  reserve(): void;
}

export function createWideTable(layout: Layout, counts: ReadCounts): WideTable {
  const result: CellResult = { percent: false };
  const { valueAt, valueColumns } = layout;
  const table: WideTable = {
    layout,
    counts,
    times: new Float64Array(0),
    columns: valueColumns.map(() => new Float64Array(0)),
    percentCells: new Uint32Array(valueColumns.length),
    length: 0,

    reserve() {
      if (table.length < table.times.length) return;
      table.times = grown(table.times);
      for (let k = 0; k < table.columns.length; k++) table.columns[k] = grown(table.columns[k]);
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
        if (result.percent) table.percentCells[column]++;
        table.columns[column][table.length] = value;
      }
      table.times[table.length++] = timeMs;
    },

    finish(): FinishedTable {
      return finished(
        table.times.slice(0, table.length),
        table.columns.map((column) => column.slice(0, table.length)),
        valueColumns.map((column, k) => ({
          name: layout.columns[column],
          fields: {},
          percentCells: table.percentCells[k],
          plainCells: plainCells(table.percentCells[k], table.columns[k], table.length),
        })),
      );
    },
  };
  return table;
}

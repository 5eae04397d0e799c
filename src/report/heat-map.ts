import type { AnomalyRecord, Severity } from "../records/record.js";
import { worstSeverity } from "../records/worst-first.js";
import { seriesKey, type TimeRange } from "../series/series.js";
import { HOUR_MS, MINUTE_MS } from "../time/duration.js";
import { clipped } from "./intervals.js";

/** A time in which something of a machine was anomalous. */
export interface HeatCell {
  /** Column, from 0. */
  readonly column: number;
  readonly worst: Severity;
  /** Series of the machine that were anomalous in it. */
  readonly series: number;
}

export interface HeatMap {
  /** Start of the first column; columns are `columnMs` wide. */
  readonly startMs: number;
  readonly columnMs: number;
  readonly columns: number;
  /** The longest anomalous machines first. Cells without anything are left out. */
  readonly rows: readonly { readonly machine: string; readonly cells: readonly HeatCell[] }[];
  /** Machines that are concerned too, but for which there is no row. */
  readonly left: number;
}

/** Widths that people think in. */
const WIDTHS_MS = [
  10 * MINUTE_MS,
  20 * MINUTE_MS,
  30 * MINUTE_MS,
  ...[1, 2, 3, 6, 12, 24, 48, 168].map((h) => h * HOUR_MS),
];
const MOST_COLUMNS = 120;
const MOST_ROWS = 100;

/**
 * Machine × time. @param machines in the order of the rows; those without a record in the period have none.
 */
export function heatMapOf(
  records: readonly AnomalyRecord[],
  range: TimeRange,
  machines: readonly string[],
  mostRows = MOST_ROWS,
): HeatMap {
  const length = Math.max(1, range.endMs - range.startMs);
  const columnMs = WIDTHS_MS.find((width) => length / width <= MOST_COLUMNS) ?? Math.ceil(length / MOST_COLUMNS);
  const columns = Math.ceil(length / columnMs);
  const cellsOf = new Map<string, Map<number, { severities: Severity[]; series: Set<string> }>>();
  for (const record of records) {
    const part = clipped(record, range);
    if (part === undefined) continue;
    const cells = cellsOf.get(record.machine) ?? new Map();
    cellsOf.set(record.machine, cells);
    const last = Math.min(columns - 1, Math.ceil((part.endMs - range.startMs) / columnMs) - 1);
    for (let column = Math.floor((part.startMs - range.startMs) / columnMs); column <= last; column++) {
      const cell = cells.get(column) ?? { severities: [], series: new Set() };
      cell.severities.push(record.severity);
      cell.series.add(seriesKey(record.labels));
      cells.set(column, cell);
    }
  }
  const concerned = machines.filter((machine) => cellsOf.has(machine));
  const rows = concerned.slice(0, mostRows).map((machine) => ({
    machine,
    cells: [...cellsOf.get(machine)!]
      .map(([column, { severities, series }]) => ({
        column,
        worst: worstSeverity(severities) ?? "low",
        series: series.size,
      }))
      .sort((a, b) => a.column - b.column),
  }));
  return { startMs: range.startMs, columnMs, columns, rows, left: concerned.length - rows.length };
}

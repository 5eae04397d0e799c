import {
  type CellResult,
  cellText,
  cellValue,
  type FinishedTable,
  finished,
  grown,
  type Layout,
  plainCells,
  type ReadCounts,
  type ReadSeries,
  refuseRow,
  refuseWidth,
  rowTime,
  type Table,
} from "./table.js";

/** Room for the first points of a series: a file of 100,000 series may hold a few of each. */
const FIRST_POINTS = 16;
const POINT_BYTES = 2 * Float64Array.BYTES_PER_ELEMENT;

/** One series while it is read. */
interface Growing {
  readonly name: string;
  readonly fields: Readonly<Record<string, string>>;
  times: Float64Array;
  values: Float64Array;
  length: number;
  unitCells: number;
  units: number;
}

/** The series of one combination of name cells, one for each value column; none where the cells are empty. */
interface Group {
  /** The bytes of the name cells, for comparing without making a string. */
  readonly nameBytes: Uint8Array;
  readonly members: readonly Growing[];
  /** The group that followed this one last time: exports go through the series in the same order again and again. */
  next: Group | undefined;
}

/** A block in which a row is one moment of one series, which the row names. */
export function createLongTable(layout: Layout, counts: ReadCounts): Table {
  const groups = new Map<string, Group>();
  const result: CellResult = { unit: 0 };
  const { nameColumns, valueColumns, timeColumn } = layout;
  const cellsNeeded = Math.max(timeColumn, ...nameColumns) + 1;
  let current: Group | undefined;

  function newMembers(texts: readonly string[]): Growing[] {
    counts.countSeries(
      valueColumns.length,
      nameColumns.map((column) => layout.columns[column]),
    );
    return members(layout, texts);
  }

  function groupOf(bytes: Uint8Array, bounds: Int32Array): Group {
    if (current !== undefined && sameName(current, bytes, bounds, nameColumns)) return current;
    const guess = current?.next;
    if (guess !== undefined && sameName(guess, bytes, bounds, nameColumns)) {
      current = guess;
      return guess;
    }
    const texts = nameColumns.map((column) => cellText(bytes, bounds[2 * column], bounds[2 * column + 1]));
    const key = texts.join("\u0000");
    let group = groups.get(key);
    if (group === undefined) {
      const named = texts.some((text) => text.trim() !== "");
      group = { nameBytes: Buffer.from(texts.join("")), members: named ? newMembers(texts) : [], next: undefined };
      groups.set(key, group);
    }
    if (current !== undefined) current.next = group;
    current = group;
    return group;
  }

  return {
    layout,

    row(bytes, bounds, cells, line) {
      if (cells < cellsNeeded) {
        refuseWidth(layout, counts, line, cells);
        return;
      }
      const timeMs = rowTime(layout, counts, bytes, bounds[2 * timeColumn], bounds[2 * timeColumn + 1], line);
      if (timeMs !== timeMs) return;
      const group = groupOf(bytes, bounds);
      if (group.members.length === 0) {
        refuseRow(counts, line, "the row names no series");
        return;
      }
      if (cells !== layout.columns.length) refuseWidth(layout, counts, line, cells);
      for (let k = 0; k < valueColumns.length; k++) {
        const column = valueColumns[k];
        const series = group.members[k];
        if (series.length === series.times.length) {
          counts.countBytes(Math.max(FIRST_POINTS, series.length) * POINT_BYTES);
          series.times = grown(series.times, FIRST_POINTS);
          series.values = grown(series.values, FIRST_POINTS);
        }
        const [start, end] = column < cells ? [bounds[2 * column], bounds[2 * column + 1]] : [0, 0];
        series.values[series.length] = cellValue(layout, counts, bytes, start, end, column, line, result);
        series.times[series.length++] = timeMs;
        if (result.unit !== 0) {
          series.unitCells++;
          series.units |= result.unit;
        }
      }
    },

    finish(): FinishedTable {
      const parts = [...groups.values()]
        .flatMap((group) => group.members)
        .map(({ name, fields, unitCells, units, times, values, length }) =>
          finished(
            times.slice(0, length),
            [values.slice(0, length)],
            [{ name, fields, unitCells, units, plainCells: plainCells(unitCells, values, length) }],
          ),
        );
      const sum = (pick: (part: FinishedTable) => number) => parts.reduce((total, part) => total + pick(part), 0);
      return {
        series: parts.flatMap((part): readonly ReadSeries[] => part.series),
        ordered: parts.every((part) => part.ordered),
        duplicateRows: sum((part) => part.duplicateRows),
        equal: sum((part) => part.equal),
        conflicting: sum((part) => part.conflicting),
      };
    },
  };
}

function members(layout: Layout, texts: readonly string[]): Growing[] {
  const fields = Object.fromEntries(layout.nameColumns.map((column, i) => [layout.columns[column], texts[i].trim()]));
  const base = texts.map((text) => text.trim()).join(".");
  const several = layout.valueColumns.length > 1;
  return layout.valueColumns.map((column) => ({
    name: several ? `${base}.${layout.columns[column]}` : base,
    fields: several ? { ...fields, metric: layout.columns[column] } : fields,
    times: new Float64Array(0),
    values: new Float64Array(0),
    length: 0,
    unitCells: 0,
    units: 0,
  }));
}

/** Whether the name cells of a row are those of a group, byte by byte. */
function sameName(group: Group, bytes: Uint8Array, bounds: Int32Array, nameColumns: readonly number[]): boolean {
  // With several name cells "a"+"bc" and "ab"+"c" have the same bytes: only a single one is compared this way.
  if (nameColumns.length !== 1) return false;
  const start = bounds[2 * nameColumns[0]];
  const { nameBytes } = group;
  if (bounds[2 * nameColumns[0] + 1] - start !== nameBytes.length) return false;
  for (let i = 0; i < nameBytes.length; i++) if (nameBytes[i] !== bytes[start + i]) return false;
  return true;
}

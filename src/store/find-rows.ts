import type { Query } from "./store.js";
import { columnsOf, type Rows, TABLES, type TableName, timeOf } from "./tables.js";

/** Rows that a query finds among all of a table, as a store in memory does it. */
export function findRows<T extends TableName>(table: T, rows: Iterable<Rows[T]>, query: Query<T>): readonly Rows[T][] {
  const { fromMs = Number.NEGATIVE_INFINITY, untilMs = Number.POSITIVE_INFINITY, order, limit, after } = query;
  const wanted = wantedColumns(table, query);
  const newest = order === "newest" ? -1 : 1;
  const compare = (a: Keyed<T>, b: Keyed<T>) =>
    newest * (a.atMs - b.atMs || (a.row.id < b.row.id ? -1 : a.row.id > b.row.id ? 1 : 0));
  const last = after && { row: after, atMs: timeOf(table, after) };
  const found: Keyed<T>[] = [];
  for (const row of rows) {
    const keyed = { row, atMs: timeOf(table, row) };
    if (keyed.atMs < fromMs || keyed.atMs >= untilMs) continue;
    if (last !== undefined && compare(keyed, last) <= 0) continue;
    if (wanted.length > 0) {
      const values = columnsOf(table, row);
      if (!wanted.every(({ index, oneOf }) => oneOf.includes(values[index]))) continue;
    }
    found.push(keyed);
  }
  const rowsInOrder = found.sort(compare).map(({ row }) => row);
  return limit === undefined ? rowsInOrder : rowsInOrder.slice(0, limit);
}

interface Keyed<T extends TableName> {
  readonly row: Rows[T];
  readonly atMs: number;
}

export interface WantedColumn {
  readonly column: string;
  /** Among the table's columns. */
  readonly index: number;
  readonly oneOf: readonly (string | null)[];
}

/** The columns that a query names, each with the values that will do. */
export function wantedColumns<T extends TableName>(table: T, { where }: Query<T>): readonly WantedColumn[] {
  const given = (where ?? {}) as Readonly<Record<string, string | null | readonly (string | null)[] | undefined>>;
  return TABLES[table].columns.flatMap((column, index) => {
    const value = given[column];
    if (value === undefined) return [];
    return [{ column, index, oneOf: Array.isArray(value) ? value : [value as string | null] }];
  });
}

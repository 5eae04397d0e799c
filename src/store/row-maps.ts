import { checkedRow } from "./check-row.js";
import { findRows } from "./find-rows.js";
import type { Reading, Transaction } from "./store.js";
import { type Rows, TABLE_NAMES, type TableName } from "./tables.js";

/** All rows in memory, by table and id. */
export type RowMaps = { readonly [T in TableName]: Map<string, Rows[T]> };

export function emptyMaps(): RowMaps {
  return Object.fromEntries(TABLE_NAMES.map((table) => [table, new Map()])) as unknown as RowMaps;
}

/** What a transaction has written: a row, or that there is none any more. */
export interface Written {
  readonly table: TableName;
  readonly id: string;
  readonly row: Rows[TableName] | null;
}

export function readMaps(maps: RowMaps): Reading {
  return {
    get: async (table, id) => maps[table].get(id),
    find: async (table, query = {}) => findRows(table, maps[table].values(), query),
  };
}

/** A transaction that sees its own writes over the rows and leaves the rows as they are: `applyWritten` puts them there. */
export function overMaps(maps: RowMaps): {
  readonly transaction: Transaction;
  readonly written: () => readonly Written[];
} {
  const changed = new Map<string, Written>();
  const keyOf = (table: TableName, id: string) => `${table} ${id}`;
  const current = <T extends TableName>(table: T, id: string): Rows[T] | undefined => {
    const own = changed.get(keyOf(table, id));
    return own === undefined ? maps[table].get(id) : ((own.row ?? undefined) as Rows[T] | undefined);
  };
  function* all<T extends TableName>(table: T): Generator<Rows[T]> {
    for (const [id, row] of maps[table]) if (!changed.has(keyOf(table, id))) yield row;
    for (const one of changed.values()) if (one.table === table && one.row !== null) yield one.row as Rows[T];
  }
  const write = <T extends TableName>(table: T, row: Rows[T]) => {
    changed.set(keyOf(table, row.id), { table, id: row.id, row });
  };
  return {
    written: () => [...changed.values()],
    transaction: {
      get: async (table, id) => current(table, id),
      find: async (table, query = {}) => findRows(table, all(table), query),
      put: async (table, row) => write(table, await checkedRow(table, row)),
      add: async (table, row) => {
        const checked = await checkedRow(table, row);
        if (current(table, checked.id) !== undefined) return false;
        write(table, checked);
        return true;
      },
      remove: async (table, id) => {
        if (current(table, id) === undefined) return false;
        changed.set(keyOf(table, id), { table, id, row: null });
        return true;
      },
    },
  };
}

/** What the rows take as JSON. */
export function bytesOf(maps: RowMaps): number {
  let bytes = 0;
  for (const table of TABLE_NAMES)
    for (const row of maps[table].values()) bytes += Buffer.byteLength(JSON.stringify(row));
  return bytes;
}

export function applyWritten(maps: RowMaps, written: readonly Written[]): void {
  for (const { table, id, row } of written) {
    const rows = maps[table] as Map<string, Rows[TableName]>;
    if (row === null) rows.delete(id);
    else rows.set(id, row);
  }
}

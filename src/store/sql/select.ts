import { wantedColumns } from "../find-rows.js";
import type { Query } from "../store.js";
import { type TableName, timeOf } from "../tables.js";

/** How one database writes what both can do. */
export interface Dialect {
  /** The placeholder of the nth parameter, from 1. */
  readonly placeholder: (n: number) => string;
  /** The name of a table as statements write it. */
  readonly table: (name: TableName) => string;
}

export interface Statement {
  readonly text: string;
  readonly values: readonly (string | number | null)[];
}

/** The statement that finds the rows of a query. Names come from our own tables; whatever was given is a parameter. */
export function selectRows<T extends TableName>(dialect: Dialect, table: T, query: Query<T>): Statement {
  const values: (string | number | null)[] = [];
  const parameter = (value: string | number | null) => dialect.placeholder(values.push(value));
  const { fromMs, untilMs, order = "oldest", limit, after } = query;
  const conditions = wantedColumns(table, query).map(
    ({ column, oneOf }) =>
      `(${oneOf.map((value) => `c_${column} ${value === null ? "IS NULL" : `= ${parameter(value)}`}`).join(" OR ") || "1 = 0"})`,
  );
  // Times of rows are whole, so rounding up changes nothing but that the database takes it.
  if (fromMs !== undefined && fromMs > Number.MIN_SAFE_INTEGER)
    conditions.push(`at_ms >= ${parameter(Math.ceil(fromMs))}`);
  if (untilMs !== undefined && untilMs < Number.MAX_SAFE_INTEGER)
    conditions.push(`at_ms < ${parameter(Math.ceil(untilMs))}`);
  if (after !== undefined) {
    const beyond = order === "oldest" ? ">" : "<";
    conditions.push(`(at_ms, id) ${beyond} (${parameter(timeOf(table, after))}, ${parameter(after.id)})`);
  }
  const direction = order === "oldest" ? "ASC" : "DESC";
  return {
    text:
      `SELECT body FROM ${dialect.table(table)}` +
      (conditions.length === 0 ? "" : ` WHERE ${conditions.join(" AND ")}`) +
      ` ORDER BY at_ms ${direction}, id ${direction}` +
      (limit === undefined ? "" : ` LIMIT ${parameter(limit)}`),
    values,
  };
}

import { columnsOf, type Rows, TABLES, type TableName, timeOf } from "../tables.js";
import type { Dialect, Statement } from "./select.js";

/** The statement that writes a row: in place of the one with its id, or only where there is none. */
export function insertRow<T extends TableName>(
  dialect: Dialect,
  table: T,
  row: Rows[T],
  ifThere: "replace" | "leave",
): Statement {
  const columns = TABLES[table].columns.map((column) => `c_${column}`);
  const names = ["id", "at_ms", ...columns, "body"];
  const values = [row.id, timeOf(table, row), ...columnsOf(table, row), JSON.stringify(row)];
  const replaced = names.slice(1).map((name) => `${name} = excluded.${name}`);
  return {
    text:
      `INSERT INTO ${dialect.table(table)} (${names.join(", ")}) VALUES (${names.map((_, i) => dialect.placeholder(i + 1)).join(", ")}) ` +
      `ON CONFLICT (id) DO ${ifThere === "leave" ? "NOTHING" : `UPDATE SET ${replaced.join(", ")}`}`,
    values,
  };
}

export function selectRow(dialect: Dialect, table: TableName): string {
  return `SELECT body FROM ${dialect.table(table)} WHERE id = ${dialect.placeholder(1)}`;
}

export function deleteRow(dialect: Dialect, table: TableName): string {
  return `DELETE FROM ${dialect.table(table)} WHERE id = ${dialect.placeholder(1)}`;
}

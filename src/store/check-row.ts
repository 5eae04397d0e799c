import { InputError } from "../errors/errors.js";
import { ROW_SCHEMAS } from "./rows.js";
import type { Rows, TableName } from "./tables.js";

/** The row as JSON keeps it. @throws InputError naming the table, the field and what it needs. */
export function checkedRow<T extends TableName>(table: T, row: unknown): Rows[T] {
  const problem = problemOf(table, row);
  if (problem !== undefined) throw new InputError("row", `${table} cannot hold ${problem}`);
  return JSON.parse(JSON.stringify(row)) as Rows[T];
}

/** What makes it no row of this table: `"x1": severity: Invalid option …`; undefined of a good one. */
export function problemOf(table: TableName, row: unknown): string | undefined {
  const result = ROW_SCHEMAS[table].safeParse(row);
  if (result.success) return undefined;
  const [{ path, message }] = result.error.issues;
  const id = (row as { readonly id?: unknown } | null)?.id;
  return `${typeof id === "string" ? JSON.stringify(id.slice(0, 200)) : "a row without an id"}: ${path.join(".") || "row"}: ${message}`;
}

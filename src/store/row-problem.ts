import { ROW_SCHEMAS } from "./rows.js";
import type { TableName } from "./tables.js";

/** What makes it no row of this table: `"x1": severity: Invalid option …`; undefined of a good one. */
export function problemOf(table: TableName, row: unknown): string | undefined {
  const result = ROW_SCHEMAS[table].safeParse(row);
  if (result.success) return undefined;
  const [{ path, message }] = result.error.issues;
  const id = (row as { readonly id?: unknown } | null)?.id;
  return `${typeof id === "string" ? JSON.stringify(id.slice(0, 200)) : "a row without an id"}: ${path.join(".") || "row"}: ${message}`;
}

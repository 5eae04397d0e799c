import { InputError } from "../errors/errors.js";
import { isPlainRow } from "./plain-row.js";
import type { Rows, TableName } from "./tables.js";

/** The row as JSON keeps it. @throws InputError naming the table, the field and what it needs. */
export async function checkedRow<T extends TableName>(table: T, row: unknown): Promise<Rows[T]> {
  if (!isPlainRow(table, row)) {
    const { problemOf } = await import("./row-problem.js");
    const problem = problemOf(table, row);
    if (problem !== undefined) throw new InputError("row", `${table} cannot hold ${problem}`);
  }
  return JSON.parse(JSON.stringify(row)) as Rows[T];
}

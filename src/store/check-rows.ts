import { eachRow } from "./each-row.js";
import type { Reading } from "./store.js";
import { TABLE_NAMES } from "./tables.js";

/** The rows that are not what their table holds, one sentence each. */
export async function checkRows(reading: Reading): Promise<readonly string[]> {
  const { problemOf } = await import("./row-problem.js");
  const problems: string[] = [];
  for (const table of TABLE_NAMES) {
    for await (const row of eachRow(reading, table)) {
      const problem = problemOf(table, row);
      if (problem !== undefined) problems.push(`${table}: ${problem}`);
    }
  }
  return problems;
}

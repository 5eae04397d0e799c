import { z } from "zod";
import { InputError } from "../errors/errors.js";
import { eachRow } from "./each-row.js";
import { problemOf } from "./row-problem.js";
import type { Store } from "./store.js";
import { type Rows, TABLE_NAMES, type TableName } from "./tables.js";

const SCHEMA = "anomaly-store-export/1";
/** Rows of one transaction: few commits, and others write in between. */
const PIECE_ROWS = 500;

/** All rows as lines: first what it is, then `{"table":"verdicts","row":{…}}`, in the order of table, time and id. */
export async function* exportLines(store: Store): AsyncGenerator<string> {
  yield `${JSON.stringify({ schema: SCHEMA })}\n`;
  for (const table of TABLE_NAMES) {
    for await (const row of eachRow(store, table)) yield `${JSON.stringify({ table, row })}\n`;
  }
}

const lineSchema = z.looseObject({ table: z.enum(TABLE_NAMES as [TableName, ...TableName[]]), row: z.unknown() });

/**
 * Puts what was exported into a store; rows of the same id are replaced, so that a second time changes nothing.
 *
 * @param name of the input, for messages. @returns how many rows it has read. @throws InputError naming the line.
 */
export async function importLines(
  store: Store,
  lines: AsyncIterable<string> | Iterable<string>,
  name: string,
): Promise<number> {
  let number = 0;
  let read = 0;
  let piece: { readonly table: TableName; readonly row: Rows[TableName] }[] = [];
  const flush = async () => {
    const rows = piece;
    piece = [];
    await store.transaction(async (transaction) => {
      for (const { table, row } of rows) await transaction.put(table, row);
    });
  };
  for await (const line of lines) {
    number++;
    if (line.trim() === "") continue;
    const parsed = parsedLine(line, name, number);
    if (number === 1) {
      checkHead(parsed, name);
      continue;
    }
    const result = lineSchema.safeParse(parsed);
    if (!result.success)
      throw wrong(name, number, `a line needs "table" and "row"; tables are ${TABLE_NAMES.join(", ")}`);
    const { table, row } = result.data;
    const problem = problemOf(table, row);
    if (problem !== undefined) throw wrong(name, number, `${table} cannot hold ${problem}`);
    piece.push({ table, row: row as Rows[TableName] });
    read++;
    if (piece.length === PIECE_ROWS) await flush();
  }
  if (number === 0) throw wrong(name, 1, "it is empty; anomaly store export writes what can be imported");
  await flush();
  return read;
}

function parsedLine(line: string, name: string, number: number): unknown {
  try {
    return JSON.parse(line);
  } catch (cause) {
    throw wrong(name, number, "this is not JSON; anomaly store export writes one object per line", cause);
  }
}

function checkHead(head: unknown, name: string): void {
  const schema = (head as { readonly schema?: unknown } | null)?.schema;
  if (schema === SCHEMA) return;
  const isNewer = typeof schema === "string" && schema.startsWith("anomaly-store-export/");
  throw wrong(
    name,
    1,
    isNewer ? `it was exported by a newer version (${schema})` : "it is not what anomaly store export writes",
  );
}

function wrong(name: string, number: number, problem: string, cause?: unknown): InputError {
  return new InputError("import", `${name}:${number}: ${problem}`, { cause });
}

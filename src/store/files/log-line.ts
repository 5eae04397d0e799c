import { randomBytes } from "node:crypto";
import { InputError } from "../../errors/errors.js";
import type { Written } from "../row-maps.js";
import { TABLE_NAMES, type TableName } from "../tables.js";

/*
 * The log is lines of JSON: first what it is, then one line per transaction, `[["put","verdicts",{…}],["remove","events","id"]]`.
 * One line is there as a whole or not at all, and so is a transaction.
 */

const SCHEMA = "anomaly-store/1";
/** Of every first line that this version writes. */
export const FIRST_LINE_BYTES = newFirstLine().length;

/** Another one each time, so that a reader sees that the log was replaced. */
export function newFirstLine(): string {
  return `${JSON.stringify({ schema: SCHEMA, log: randomBytes(8).toString("hex") })}\n`;
}

export function lineOf(written: readonly Written[]): string {
  const parts = written.map(({ table, id, row }) => (row === null ? ["remove", table, id] : ["put", table, row]));
  return `${JSON.stringify(parts)}\n`;
}

/** @throws InputError for the first line of a newer version, or of something else. */
export function checkFirstLine(line: string, path: string): void {
  let schema: unknown;
  try {
    schema = JSON.parse(line).schema;
  } catch {
    // Said below.
  }
  if (schema === SCHEMA) return;
  const isNewer = typeof schema === "string" && /^anomaly-store\/\d+$/.test(schema);
  throw new InputError(
    "store",
    isNewer
      ? `${path} was written by a newer version of anomaly (${schema}, this one knows ${SCHEMA}); use that version, or give --store another folder`
      : `${path} is not a store of anomaly; give --store another folder`,
  );
}

/** @throws InputError naming the line, for one that is damaged: only the last can be torn. */
export function writtenBy(line: string, path: string, lineNumber: number): readonly Written[] {
  try {
    const parts: unknown = JSON.parse(line);
    if (Array.isArray(parts)) return parts.map(writtenPart);
  } catch (cause) {
    throw damaged(path, lineNumber, cause);
  }
  throw damaged(path, lineNumber, undefined);
}

function writtenPart(part: readonly [string, TableName, unknown]): Written {
  const [verb, table, content] = part;
  if (!TABLE_NAMES.includes(table)) throw new Error(`there is no table ${String(table)}`);
  if (verb === "remove" && typeof content === "string") return { table, id: content, row: null };
  const row = content as Written["row"];
  if (verb === "put" && typeof row?.id === "string") return { table, id: row.id, row };
  throw new Error("neither a row nor a removal");
}

function damaged(path: string, lineNumber: number, cause: unknown): InputError {
  return new InputError(
    "store",
    `${path}:${lineNumber} is damaged; restore the file from a backup, or remove that line to continue without what it says`,
    { cause },
  );
}

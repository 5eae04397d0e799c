import { existsSync, readFileSync } from "node:fs";
import { InputError } from "../errors/errors.js";
import { writeFileAtomic } from "../files/atomic.js";
import { escapeInvisible } from "../wording/visible.js";
import { plainRecords } from "./plain-records.js";
import type { AnomalyRecord, HydratedRecord } from "./record.js";

/** The records of a file that an earlier run wrote; none where there is no file. CSV has lost too much to be read back. */
export async function existingRecords(path: string): Promise<readonly (AnomalyRecord | HydratedRecord)[]> {
  if (!existsSync(path)) return [];
  let text: string;
  try {
    text = readFileSync(path, "utf8");
  } catch (cause) {
    throw new InputError(
      "unreadable",
      `cannot read ${path}, the records so far; check that it is a file and may be read`,
      {
        cause,
      },
    );
  }
  const plain = plainRecords(text);
  if (plain !== undefined) return plain;
  const records: (AnomalyRecord | HydratedRecord)[] = [];
  const { readRecords } = await import("./read-records.js");
  for await (const record of readRecords(text.split("\n"), path)) records.push(record);
  return records;
}

/** Replaces a file of records, one JSON object per line. @throws OutputError if it cannot be written; the old one then stays. */
export function writeRecordsFile(path: string, records: readonly AnomalyRecord[]): void {
  writeFileAtomic(path, escapeInvisible(records.map((record) => `${JSON.stringify(record)}\n`).join("")));
}

import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { InputError } from "../errors/errors.js";
import { outputError, writeFileAtomic } from "../files/atomic.js";
import { formatRecords, type RecordFormat } from "../records/format-records.js";
import { plainRecords } from "../records/plain-records.js";
import type { AnomalyRecord, HydratedRecord } from "../records/record.js";
import { escapeInvisible } from "../wording/visible.js";
import type { Destination } from "./destination.js";
import type { Streams } from "./streams.js";

/** Sends records to stdout piece by piece, or to a file that is replaced as a whole. */
export async function writeRecords(
  records: AsyncIterable<AnomalyRecord> | Iterable<AnomalyRecord>,
  format: RecordFormat,
  destination: Destination,
  streams: Streams,
  options: { readonly hydrated?: boolean } = {},
): Promise<void> {
  if (destination.kind === "stdout") {
    for await (const piece of formatRecords(records, format, options)) await streams.out(piece);
    return;
  }
  const pieces: string[] = [];
  for await (const piece of formatRecords(records, format, options)) pieces.push(escapeInvisible(piece));
  if (destination.kind === "path") writeFileAtomic(destination.path, pieces.join(""));
  else writeSpecial(destination.path, pieces.join(""));
}

function writeSpecial(path: string, text: string): void {
  try {
    writeFileSync(path, text);
  } catch (cause) {
    throw outputError(path, cause);
  }
}

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
  const { readRecords } = await import("../records/read-records.js");
  for await (const record of readRecords(text.split("\n"), path)) records.push(record);
  return records;
}

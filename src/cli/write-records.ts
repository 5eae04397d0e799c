import { writeFileSync } from "node:fs";
import { outputError, writeFileAtomic } from "../files/atomic.js";
import { formatRecords, type RecordFormat } from "../records/format-records.js";
import type { AnomalyRecord } from "../records/record.js";
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

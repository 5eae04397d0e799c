import { recordsAfter } from "../../runs/records-after.js";
import { formatDuration } from "../../time/duration.js";
import { count } from "../../wording/count.js";
import type { CommandContext } from "../commands/spec.js";
import type { Destination } from "../destination.js";
import { writeRecords } from "../write-records.js";
import type { InferResult } from "./report.js";

/**
 * Writes what was found. A file of JSON is brought up to date record by record; CSV and stdout get this run's records.
 *
 * @returns what became of the file, in words; undefined for stdout.
 */
export async function writeFound(
  { found, reported, range, existing, owners, isHandedOver }: InferResult,
  destination: Destination,
  { options, streams }: CommandContext<"infer">,
): Promise<string | undefined> {
  const { recordFormat, keep } = options;
  if (destination.kind !== "path" || recordFormat === "csv") {
    await writeRecords(reported, recordFormat, destination, streams);
    return destination.kind === "stdout" ? undefined : count(reported.length, "record");
  }
  const merged = recordsAfter(existing, { found, reported, range, owners, isHandedOver }, keep);
  await writeRecords(merged.records, recordFormat, destination, streams);
  return [
    count(merged.records.length, "record"),
    `${merged.added} new`,
    ...(merged.updated > 0 ? [`${merged.updated} updated`] : []),
    ...(merged.dropped > 0 ? [`${merged.dropped} older than ${formatDuration(keep)} dropped`] : []),
  ].join(", ");
}

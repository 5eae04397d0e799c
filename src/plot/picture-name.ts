import { createHash } from "node:crypto";
import type { AnomalyRecord } from "../records/record.js";
import { seriesKey } from "../series/series.js";
import { furtherLabels } from "../series/telling-labels.js";

export type PictureFormat = "png" | "svg" | "html";

/**
 * Two names and labels of these lengths, hashes, time and the rest stay under 232 bytes: file systems allow 255, and a file that is
 * being written has a name 23 bytes longer.
 */
const MAX_PART = 60;
const MAX_LABELS = 36;

/**
 * The file name of a record's picture: `anomaly_<machine>_<aggregator>_<start>.<format>`, with the values of further labels behind the
 * aggregator.
 *
 * Only letters, digits, `.`, `-`, `_` and `~` occur. Where a name had to be changed or cut, a hash of the whole is added after
 * `~`, so that two series never share a file; `~` and, in a machine, `_` never come from a name itself.
 *
 * @example pictureName(record, "png") // "anomaly_n200_visit_length_hour_20250701T211405Z.png"
 */
export function pictureName(
  record: Pick<AnomalyRecord, "machine" | "aggregator" | "start" | "labels"> & Partial<Pick<AnomalyRecord, "kind">>,
  format: PictureFormat,
): string {
  const start = new Date(record.start).toISOString().replace(/[-:]/g, "").replace(".000Z", "Z");
  // A group by machine has none.
  const aggregator = record.kind === "group" && record.aggregator === "" ? "group" : record.aggregator;
  // Labels beyond the two belong to the identity: two series may differ in them only.
  const more = Object.keys(record.labels).some((key) => key !== "machine" && key !== "aggregator");
  const identity = more ? `${valuesOf(record)}~${hash(seriesKey(record.labels))}` : "";
  return `anomaly_${part(record.machine, /[^A-Za-z0-9.-]/g)}_${part(aggregator, /[^A-Za-z0-9._-]/g)}${identity}_${start}.${format}`;
}

/** Values of the labels that machine and aggregator do not say, for people: the hash behind them is what distinguishes them. */
function valuesOf(record: Parameters<typeof furtherLabels>[0]): string {
  const further = furtherLabels(record);
  const values = Object.keys(further)
    .sort()
    .map((name) => further[name].replace(/[^A-Za-z0-9.-]+/g, "-"));
  return values.length === 0 ? "" : `_${values.join("_").slice(0, MAX_LABELS)}`;
}

function part(name: string, unsafe: RegExp): string {
  const safe = name.replace(unsafe, "-").slice(0, MAX_PART);
  return safe === name && name !== "" ? name : `${safe}~${hash(name)}`;
}

/** 48 bits: among ten thousand changed names two meet with a chance of 2e-7. */
function hash(text: string): string {
  return createHash("sha256").update(text).digest("hex").slice(0, 12);
}

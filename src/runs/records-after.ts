import type { AnomalyRecord } from "../records/record.js";
import { type Upserted, upsertRecords } from "../records/upsert.js";
import type { JobRun } from "./run-job.js";

/**
 * A file of records after a run: what it found is brought up to date or added, what it saw to be over is closed.
 *
 * @param reported of what was found. @param keepMs closed records that ended longer ago are dropped.
 */
export function recordsAfter(
  existing: readonly AnomalyRecord[],
  {
    found,
    reported,
    range,
    owners,
    isHandedOver,
  }: Pick<JobRun, "found" | "range" | "owners" | "isHandedOver"> & { readonly reported: readonly AnomalyRecord[] },
  keepMs: number,
): Upserted {
  return upsertRecords(existing, [...reported, ...found.ended], {
    statuses: found.statuses,
    dropBeforeMs: range.endMs - keepMs,
    lookedFromMs: range.startMs,
    owners,
    isHandedOver,
  });
}

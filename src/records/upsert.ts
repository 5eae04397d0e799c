import { seriesKey } from "../series/series.js";
import { isOwnedBy, type Owner } from "./origin.js";
import type { AnomalyRecord } from "./record.js";
import { hasLooked, type SeriesStatus } from "./status.js";

export interface UpsertOptions {
  /** Closed records that ended before this are dropped. */
  readonly dropBeforeMs: number;
  /** Begin of what this run looked at: an episode that ended before it can no longer be open. */
  readonly lookedFromMs: number;
  /** What the run says of each series: of one that failed it does not know whether an episode is over. */
  readonly statuses: readonly SeriesStatus[];
  /** Whose records this run keeps up to date: those of other jobs and detectors stay as they are. */
  readonly owners: readonly Owner[];
  /**
   * Whether a record of an owner is of a detector that does not look at its series any more: an open one is closed, because what is
   * still wrong is a record of the detector that has taken over. Default: none.
   */
  readonly isHandedOver?: (record: AnomalyRecord) => boolean;
}

export interface Upserted {
  readonly records: readonly AnomalyRecord[];
  readonly added: number;
  readonly updated: number;
  readonly dropped: number;
}

/**
 * The records of a file after one more run: known ids are replaced where they stand, new ones follow in their order.
 * The same records again change nothing.
 */
export function upsertRecords(
  existing: readonly AnomalyRecord[],
  found: readonly AnomalyRecord[],
  options: UpsertOptions,
): Upserted {
  const fresh = new Map(found.map((record) => [record.id, record]));
  const isBlind = !hasLooked(options.statuses);
  const failed = new Set(
    options.statuses.filter(({ state }) => state === "failed").map((one) => seriesKey(one.labels)),
  );
  let updated = 0;
  const kept = existing.flatMap((record): readonly AnomalyRecord[] => {
    const replacement = fresh.get(record.id);
    if (replacement !== undefined) {
      fresh.delete(record.id);
      if (sameFinding(record, replacement)) return [record];
      updated++;
      return [replacement];
    }
    if (isBlind || !options.owners.some((owner) => isOwnedBy(record, owner))) return [record];
    const endMs = Date.parse(record.end);
    // One that is closed only now stays for a while, however old: nobody has seen it closed.
    if (record.status === "closed") return endMs < options.dropBeforeMs ? [] : [record];
    const isPast = endMs < options.lookedFromMs || options.isHandedOver?.(record) === true;
    const isOver = isPast && !failed.has(seriesKey(record.labels));
    return [isOver ? { ...record, status: "closed" } : record];
  });
  return {
    records: [...kept, ...fresh.values()],
    added: fresh.size,
    updated,
    dropped: existing.length - kept.length,
  };
}

/** Found again without any change: the first `detected_at` stays, because that is when it was found. */
function sameFinding(a: AnomalyRecord, b: AnomalyRecord): boolean {
  return JSON.stringify({ ...a, detected_at: "" }) === JSON.stringify({ ...b, detected_at: "" });
}

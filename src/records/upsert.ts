import { isOwnedBy, type Owner } from "./origin.js";
import type { AnomalyRecord } from "./record.js";

export interface UpsertOptions {
  /** Closed records that ended before this are dropped. */
  readonly dropBeforeMs: number;
  /** Begin of what this run looked at: an episode that ended before it can no longer be going on. */
  readonly lookedFromMs: number;
  /** Whose records this run keeps up to date: those of other jobs and detectors stay as they are. */
  readonly owners: readonly Owner[];
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
  let updated = 0;
  const kept = existing.flatMap((record) => {
    const replacement = fresh.get(record.id);
    if (replacement !== undefined) {
      fresh.delete(record.id);
      if (sameFinding(record, replacement)) return [record];
      updated++;
      return [replacement];
    }
    if (!options.owners.some((owner) => isOwnedBy(record, owner))) return [record];
    const endMs = Date.parse(record.end);
    const closed: AnomalyRecord =
      record.status === "open" && endMs < options.lookedFromMs ? { ...record, status: "closed" } : record;
    return closed.status === "closed" && endMs < options.dropBeforeMs ? [] : [closed];
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

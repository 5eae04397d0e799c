import { recordEpisodes, recordOf } from "../store/episodes.js";
import type { ChangeRow } from "../store/rows.js";
import type { Store } from "../store/store.js";
import { recordsAfter } from "./records-after.js";
import type { JobRun } from "./run-job.js";

/**
 * Brings the store's episodes up to date with a run of a job: what it found, and what it saw to be over.
 *
 * @returns what has changed of them.
 */
export function recordFound(
  store: Store,
  job: string | null,
  run: Pick<JobRun, "found" | "range" | "owners" | "isHandedOver">,
  nowMs: number,
): Promise<readonly ChangeRow[]> {
  return store.transaction(async (transaction) => {
    const open = await transaction.find("episodes", { where: { job, status: "open" } });
    const { records } = recordsAfter(
      open.map(recordOf),
      { ...run, reported: run.found.records },
      Number.POSITIVE_INFINITY,
    );
    return recordEpisodes(transaction, records, nowMs);
  });
}

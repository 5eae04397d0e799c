import { isGroupRecord } from "../records/group-members.js";
import type { AnomalyRecord, HydratedRecord } from "../records/record.js";
import type { WindowMode } from "./record-window.js";

/**
 * What an earlier run has done already: gives for a record its hydrated self, if that one has the same id, end and
 * status, was looked at through the same window and had no error. The record's own fields are the new ones.
 *
 * @example hydrateRecords(records, { …, reuse: resumeFrom(existing, "centred") })
 */
export function resumeFrom(
  existing: readonly HydratedRecord[],
  windowMode: WindowMode,
): (record: AnomalyRecord) => HydratedRecord | undefined {
  const usable = new Map(
    existing
      .filter((record) => record.hydrate_error === undefined && record.window.mode === windowMode)
      // Records of an older writer have no history yet.
      .filter((record) => record.history !== undefined)
      .map((record) => [record.id, record]),
  );
  return (record) => {
    // What was added to a group is in its members, and these are new.
    if (isGroupRecord(record)) return undefined;
    const known = usable.get(record.id);
    if (known === undefined || known.end !== record.end || known.status !== record.status) return undefined;
    // Another model or threshold draws another band.
    if (known.model_version !== record.model_version || known.threshold_divisor !== record.threshold_divisor) {
      return undefined;
    }
    return { ...known, ...record };
  };
}

import type { AnomalyRecord, HydratedRecord } from "../records/record.js";
import { type HydrateRecordOptions, withoutData } from "./hydrate-record.js";

/**
 * Adds to the record of a group the 24 hours of its members; it has no figures of its own.
 *
 * @param members in the record's order. Where one could not be fetched its context is null; where none could, the record says why.
 */
export function hydrateGroup(
  record: AnomalyRecord,
  members: readonly HydratedRecord[],
  options: HydrateRecordOptions,
): HydratedRecord {
  const failure = members.every(({ context }) => context === null)
    ? (members.find(({ hydrate_error }) => hydrate_error !== undefined)?.hydrate_error ?? "the record names no members")
    : undefined;
  const { hydrate_error: _, ...bare } = withoutData(record, "", options);
  return {
    ...bare,
    members: record.members?.map((member, i) => ({ ...member, context: members[i].context })),
    ...(failure !== undefined && { hydrate_error: failure }),
  };
}

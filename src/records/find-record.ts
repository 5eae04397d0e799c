import { InputError } from "../errors/errors.js";
import { didYouMean } from "../wording/nearest.js";
import type { AnomalyRecord, HydratedRecord } from "./record.js";

/** This many ids are named where one does not say which. */
const NAMED = 5;

/**
 * The record of an id, or of the beginning of one.
 *
 * @throws InputError where none or several begin so.
 */
export function findRecord<T extends AnomalyRecord | HydratedRecord>(
  records: readonly T[],
  id: string,
  place: string,
): T {
  const exact = records.find((record) => record.id === id);
  if (exact !== undefined) return exact;
  const begun = records.filter((record) => record.id.startsWith(id));
  if (begun.length === 1) return begun[0];
  if (begun.length > 1) {
    const names = begun.slice(0, NAMED).map((record) => record.id);
    const more = begun.length > NAMED ? ` and ${begun.length - NAMED} more` : "";
    throw new InputError(
      "record_id",
      `${begun.length} records of ${place} begin with "${id}": ${names.join(", ")}${more}; give more of it`,
    );
  }
  const hint = didYouMean(
    id,
    records.map((record) => record.id),
  );
  throw new InputError(
    "record_id",
    `${place} has no record "${id}"${hint || (records.length === 0 ? "; it has none at all" : "; anomaly show lists the ids")}`,
  );
}

import { UsageError } from "../../errors/errors.js";
import { findIncidents } from "../../incidents/incidents.js";
import { findRecord } from "../../records/find-record.js";
import type { AnomalyRecord } from "../../records/record.js";
import { parseMoment } from "../../runs/moments.js";
import { findEpisode } from "../../store/find-episode.js";
import type { Reading } from "../../store/store.js";
import type { InstantContext } from "../../time/instant.js";

/** The id of an episode or incident, or the beginning of one: hexadecimal, and no epoch time. */
const ID = /^(?=.*[a-f])[0-9a-f]{4,16}$|^[0-9a-f]{16}$/;

/** Whether what was given names an episode or an incident instead of a moment. */
export function isId(text: string): boolean {
  return ID.test(text);
}

/** The moment of a text such as `2025-07-02T21:40Z`, `now-3h` or `-2d`. @throws UsageError that names what was given. */
export function momentOf(text: string, context: InstantContext): number {
  return parseMoment("the time", text, context);
}

/**
 * When an episode or incident began.
 *
 * @throws InputError where none of the records, and no incident of theirs, has the id.
 */
export function beginOf(id: string, records: readonly AnomalyRecord[], place: string): number {
  const { fleet, machines } = findIncidents(records);
  const incident = [...fleet, ...machines].find((one) => one.id.startsWith(id));
  const start = incident?.start ?? findRecord(records, id, place).start;
  const beganMs = Date.parse(start);
  if (Number.isNaN(beganMs)) throw new UsageError("time", `${id} of ${place} has no time of its begin`);
  return beganMs;
}

/** When an episode or an incident of the store began, as it is kept there. @throws InputError where the store has neither. */
export async function beganIn(reading: Reading, id: string): Promise<string> {
  const incident = await reading.get("incidents", id);
  return incident?.opened_at ?? (await findEpisode(reading, id)).start;
}

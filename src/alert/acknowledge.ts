import type { Store } from "../store/store.js";
import { incidentOf } from "./alert-rows.js";
import type { Incident } from "./state.js";

/** Notes that somebody is at an incident. @returns false where none of this id is open. */
export function acknowledgeIncident(store: Store, id: string, ack: NonNullable<Incident["ack"]>): Promise<boolean> {
  return store.transaction(async (transaction) => {
    const row = await transaction.get("incidents", id);
    const incident = row && incidentOf(row);
    if (row === undefined || incident === undefined || row.status !== "open") return false;
    await transaction.put("incidents", { ...row, incident: { ...incident, ack: incident.ack ?? ack } });
    return true;
  });
}

import { enqueue } from "../store/deliveries.js";
import type { DeliveryRow } from "../store/rows.js";
import type { Store, Transaction } from "../store/store.js";
import { incidentOf } from "./alert-rows.js";
import { messageOfRow } from "./deliver/queue.js";
import type { AlertSettings, ReceiverSettings } from "./settings/settings.js";
import type { Incident } from "./state.js";

/** The kinds of receivers that know what an acknowledgement is. */
const PASSING_ON: readonly string[] = ["pagerduty"] satisfies readonly ReceiverSettings["kind"][];

/** Names of the receivers that an acknowledgement is passed on to. */
export function passingOn(settings: Pick<AlertSettings, "receivers"> | undefined): readonly string[] {
  return Object.entries(settings?.receivers ?? {}).flatMap(([name, { kind }]) =>
    PASSING_ON.includes(kind) ? [name] : [],
  );
}

/**
 * Notes that somebody is at an incident, and queues it for receivers that can pass it on.
 *
 * @param passOn names of these receivers. @returns false where none of this id is open.
 */
export function acknowledgeIncident(
  store: Store,
  id: string,
  ack: NonNullable<Incident["ack"]>,
  passOn: readonly string[] = [],
): Promise<boolean> {
  return store.transaction(async (transaction) => {
    const row = await transaction.get("incidents", id);
    const incident = row && incidentOf(row);
    if (row === undefined || incident === undefined || row.status !== "open") return false;
    await transaction.put("incidents", { ...row, incident: { ...incident, ack: incident.ack ?? ack } });
    if (incident.ack === null && passOn.length > 0) await tell(transaction, id, passOn, ack.atMs);
    return true;
  });
}

/** Behind the newest message of each route and receiver that has heard of it. */
async function tell(transaction: Transaction, incident: string, receivers: readonly string[], nowMs: number) {
  const newest = new Map<string, DeliveryRow>();
  for (const row of await transaction.find("deliveries", { where: { incident, receiver: receivers } })) {
    const key = `${row.route} ${row.receiver}`;
    const before = newest.get(key);
    if (before === undefined || Date.parse(row.created_at) >= Date.parse(before.created_at)) newest.set(key, row);
  }
  for (const { id: after, route, receiver, payload } of newest.values()) {
    const message = { ...messageOfRow({ payload }), id: `${incident}-${route}-ack`, stage: "acknowledge" };
    const own = { id: `${message.id}-${receiver}`, route, receiver, incident, after, dueMs: nowMs };
    await enqueue(transaction, { ...own, payload: message as unknown as DeliveryRow["payload"] }, nowMs);
  }
}

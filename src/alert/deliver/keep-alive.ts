import { messageOf } from "../../errors/errors.js";
import type { Store } from "../../store/store.js";
import { readState } from "../alert-rows.js";
import type { AlertMessage } from "../message/message.js";
import type { Receivers } from "../receivers/house.js";
import type { Sending } from "../receivers/receiver.js";
import { deliveriesOf, messageOfRow } from "./queue.js";

/**
 * Repeats what is open to receivers that forget what they do not hear of. Nothing is queued: what is missed now is said by the next call.
 *
 * @returns errors by receiver.
 */
export async function keepAlive(
  store: Store,
  receivers: Receivers,
  sending: Pick<Sending, "nowMs" | "signal">,
): Promise<ReadonlyMap<string, string>> {
  const errors = new Map<string, string>();
  for (const name of receivers.names) {
    const receiver = await receivers.get(name).catch(() => undefined);
    if (receiver?.keepAlive === undefined) continue;
    const open = await openMessages(store, name);
    if (open.length === 0) continue;
    try {
      const outcome = await receiver.keepAlive.say(open, sending);
      if (!outcome.ok) errors.set(name, outcome.error);
    } catch (thrown) {
      errors.set(name, messageOf(thrown));
    }
  }
  return errors;
}

/** The newest message that arrived of each incident that is open for a receiver. */
async function openMessages(store: Store, receiver: string): Promise<readonly AlertMessage[]> {
  const { incidents, digests } = await readState(store);
  const threads = [
    ...incidents.flatMap(({ id, notices }) => Object.keys(notices).map((route) => ({ id, route }))),
    ...digests.map(({ id, route }) => ({ id, route })),
  ];
  const open: AlertMessage[] = [];
  for (const { id, route } of threads) {
    const rows = await deliveriesOf(store, id, route, receiver);
    const last = rows.findLast(({ state }) => state === "delivered");
    if (last === undefined) continue;
    const message = messageOfRow(last);
    if (message.status === "open") open.push(message);
  }
  return open;
}

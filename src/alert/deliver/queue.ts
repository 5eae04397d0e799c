import { enqueue } from "../../store/deliveries.js";
import type { DeliveryRow } from "../../store/rows.js";
import type { Reading, Transaction } from "../../store/store.js";
import type { AlertMessage } from "../message/message.js";
import type { Reply } from "../receivers/receiver.js";
import type { Say } from "../state.js";

/**
 * Puts a message into the queue for each of its receivers, behind the newest one of the same incident there, so that an edit
 * waits for what it edits.
 */
export async function enqueueSay(
  transaction: Transaction,
  say: Say,
  message: AlertMessage,
  nowMs: number,
): Promise<void> {
  for (const receiver of say.receivers) {
    const before = await deliveriesOf(transaction, message.incident, say.route, receiver);
    await enqueue(
      transaction,
      {
        id: `${say.id}-${receiver}`,
        route: say.route,
        receiver,
        incident: message.incident,
        payload: sameLabels(message, before) as unknown as DeliveryRow["payload"],
        dueMs: nowMs,
        after: before.at(-1)?.id ?? null,
      },
      nowMs,
    );
  }
}

/** Who knows an incident by its labels must find it again, whoever has joined it since. */
function sameLabels(message: AlertMessage, before: readonly DeliveryRow[]): AlertMessage {
  return before.length === 0 ? message : { ...message, labels: messageOfRow(before[0]).labels };
}

/** What was sent of an incident on a route to a receiver, in the order in which it was enqueued. */
export async function deliveriesOf(
  reading: Reading,
  incident: string,
  route: string,
  receiver: string,
): Promise<readonly DeliveryRow[]> {
  const rows = await reading.find("deliveries", { where: { incident, route, receiver } });
  return [...rows].sort((a, b) => Date.parse(a.created_at) - Date.parse(b.created_at) || numberOf(a) - numberOf(b));
}

/** Messages of one moment have numbers in their ids. */
const numberOf = ({ payload }: DeliveryRow) => Number(/-(\d+)$/.exec(messageOfRow({ payload }).id)?.[1] ?? 0);

export const messageOfRow = ({ payload }: Pick<DeliveryRow, "payload">) => payload as unknown as AlertMessage;

/** What the receiver answered to those that arrived. */
export function repliesOf(rows: readonly DeliveryRow[]): readonly Reply[] {
  return rows.flatMap(({ state, reply }) => (state === "delivered" && reply !== null ? [reply as Reply] : []));
}

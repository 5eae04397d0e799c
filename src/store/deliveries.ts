import { formatUtc } from "../time/format.js";
import type { DeliveryRow } from "./rows.js";
import type { Reading, Store, Transaction } from "./store.js";

/** A message to be sent. `id` is the idempotency key: who enqueues it twice sends it once. */
export interface NewDelivery {
  readonly id: string;
  readonly route: string;
  readonly receiver: string;
  readonly incident: string | null;
  readonly payload: DeliveryRow["payload"];
  readonly dueMs: number;
  /** The delivery that must have ended before; default none. */
  readonly after?: string | null;
}

/** Puts a message into the queue, in the transaction that has decided on it. @returns whether it is new. */
export function enqueue(transaction: Transaction, delivery: NewDelivery, nowMs: number): Promise<boolean> {
  const { dueMs, after = null, ...rest } = delivery;
  return transaction.add("deliveries", {
    ...rest,
    after,
    created_at: formatUtc(nowMs),
    due_at: formatUtc(dueMs),
    state: "waiting",
    attempts: 0,
    last_error: null,
    lease: null,
    ended_at: null,
    reply: null,
  });
}

export interface Claim {
  readonly nowMs: number;
  /** After this time without word of the sender somebody else may send it. */
  readonly leaseMs: number;
  /** Names this claim and no other. */
  readonly lease: string;
  readonly limit: number;
  /** Of these receivers only, so that one that is slow holds up no other; default all. */
  readonly receivers?: readonly string[];
}

const PAGE_ROWS = 200;

/** Takes what is due for the caller alone, oldest first: what waits, and what a sender has taken and not ended within its lease. */
export function claimDue(store: Store, claim: Claim): Promise<readonly DeliveryRow[]> {
  const { nowMs, leaseMs, lease, limit, receivers } = claim;
  return store.transaction(async (transaction) => {
    const claimed: DeliveryRow[] = [];
    let after: DeliveryRow | undefined;
    do {
      const page: readonly DeliveryRow[] = await transaction.find("deliveries", {
        where: { state: ["waiting", "sending"], ...(receivers && { receiver: receivers }) },
        untilMs: nowMs + 1,
        limit: PAGE_ROWS,
        ...(after && { after }),
      });
      for (const row of page) {
        if (claimed.length >= limit) break;
        if (await isHeldUp(transaction, row)) continue;
        const taken: DeliveryRow = {
          ...row,
          state: "sending",
          attempts: row.attempts + 1,
          lease,
          due_at: formatUtc(nowMs + leaseMs),
        };
        await transaction.put("deliveries", taken);
        claimed.push(taken);
      }
      after = page.length < PAGE_ROWS ? undefined : page[page.length - 1];
    } while (after !== undefined && claimed.length < limit);
    return claimed;
  });
}

async function isHeldUp(reading: Reading, { after }: DeliveryRow): Promise<boolean> {
  const before = after === null ? undefined : await reading.get("deliveries", after);
  return before?.state === "waiting" || before?.state === "sending";
}

/** When the next delivery is due or a lease ends, epoch ms; undefined of an empty queue. */
export async function nextDueMs(reading: Reading): Promise<number | undefined> {
  const [next] = await reading.find("deliveries", { where: { state: ["waiting", "sending"] }, limit: 1 });
  return next && Date.parse(next.due_at);
}

/** It has arrived. @returns false where the lease has passed to somebody else meanwhile: nothing is changed then. */
export function markDelivered(
  store: Store,
  claimed: Pick<DeliveryRow, "id" | "lease">,
  nowMs: number,
  reply: DeliveryRow["reply"] = null,
): Promise<boolean> {
  const ended_at = formatUtc(nowMs);
  return whileLeased(store, claimed, { state: "delivered", last_error: null, ended_at, due_at: ended_at, reply });
}

/** It has not arrived. @param retryMs when to try again; null: never. */
export function markFailed(
  store: Store,
  claimed: Pick<DeliveryRow, "id" | "lease">,
  { nowMs, error, retryMs }: { readonly nowMs: number; readonly error: string; readonly retryMs: number | null },
): Promise<boolean> {
  const change: Partial<DeliveryRow> =
    retryMs === null
      ? { state: "failed", ended_at: formatUtc(nowMs), due_at: formatUtc(nowMs) }
      : { state: "waiting", due_at: formatUtc(retryMs) };
  return whileLeased(store, claimed, { ...change, last_error: error });
}

function whileLeased(
  store: Store,
  { id, lease }: Pick<DeliveryRow, "id" | "lease">,
  change: Partial<DeliveryRow>,
): Promise<boolean> {
  return store.transaction(async (transaction) => {
    const row = await transaction.get("deliveries", id);
    if (row === undefined || row.state !== "sending" || row.lease !== lease) return false;
    await transaction.put("deliveries", { ...row, ...change, lease: null } as DeliveryRow);
    return true;
  });
}

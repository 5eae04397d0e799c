import { randomUUID } from "node:crypto";
import { messageOf } from "../../errors/errors.js";
import { retryDelayMs } from "../../http/retry.js";
import { claimDue, markDelivered, markFailed } from "../../store/deliveries.js";
import type { DeliveryRow } from "../../store/rows.js";
import type { Store } from "../../store/store.js";
import { DAY_MS, MINUTE_MS, SECOND_MS } from "../../time/duration.js";
import type { Outcome, Receiver } from "../receivers/receiver.js";
import { goneError } from "./gone.js";
import { deliveriesOf, messageOfRow, repliesOf } from "./queue.js";

export interface DeliverAround {
  readonly store: Store;
  /** Opens a receiver of the settings; undefined where there is none of this name any more. */
  readonly receiverOf: (name: string) => Promise<Receiver | undefined>;
  readonly pictureOf: (episode: string) => Promise<Uint8Array | null>;
  readonly nowMs: () => number;
  readonly random: () => number;
  /** Waits, for receivers that take only so much at a time. */
  readonly sleep: (ms: number) => Promise<void>;
  readonly signal: AbortSignal;
  readonly onOutcome: (row: DeliveryRow, outcome: Outcome) => void;
}

/** Longer than five requests and a picture take, and short enough that a killed sender's messages are not late. */
const LEASE_MS = 90 * SECOND_MS;
/** A picture that takes longer is left out. */
const PICTURE_MS = 15 * SECOND_MS;
const BACK_OFF = { retries: Number.POSITIVE_INFINITY, baseMs: 2 * SECOND_MS, longestMs: 5 * MINUTE_MS };
/** What could not be sent for a day is no news. */
const GIVE_UP_MS = DAY_MS;

/**
 * Sends what is due to some receivers, each in its own order and beside the others, so that one that is slow or dead holds up no other.
 * Ends when nothing is due; what failed waits in the queue for the next call.
 */
export async function deliverDue(receivers: readonly string[], around: DeliverAround): Promise<void> {
  await Promise.all(receivers.map((name) => deliverTo(name, around)));
}

async function deliverTo(name: string, around: DeliverAround): Promise<void> {
  const { store, nowMs, signal, sleep } = around;
  for (;;) {
    if (signal.aborted) return;
    const claim = { nowMs: nowMs(), leaseMs: LEASE_MS, lease: randomUUID(), limit: 1, receivers: [name] };
    const [row] = await claimDue(store, claim);
    if (row === undefined) return;
    const receiver = await around.receiverOf(name);
    const outcome = await sendRow(row, receiver, around);
    await keep(row, outcome, around);
    around.onOutcome(row, outcome);
    // An outage is of the receiver: its other messages would only meet it too.
    if (!outcome.ok && outcome.retry === "later") {
      await postpone(name, outcome.retryAfterMs ?? 0, around);
      return;
    }
    if (receiver !== undefined && receiver.paceMs > 0) await sleep(receiver.paceMs);
  }
}

async function sendRow(row: DeliveryRow, receiver: Receiver | undefined, around: DeliverAround): Promise<Outcome> {
  if (receiver === undefined) {
    return { ok: false, retry: "never", error: goneError(row.receiver) };
  }
  const message = messageOfRow(row);
  const earlier = row.incident === null ? [] : await deliveriesOf(around.store, row.incident, row.route, row.receiver);
  let picture: Promise<Uint8Array | null> | undefined;
  try {
    return await receiver.send(message, {
      key: row.id,
      earlierTries: row.attempts - 1,
      replies: repliesOf(earlier),
      nowMs: around.nowMs(),
      signal: around.signal,
      picture: () => {
        // A message without its picture is worth more than none.
        picture ??= message.picture === null ? Promise.resolve(null) : inTime(around.pictureOf(message.picture));
        return picture;
      },
    });
  } catch (thrown) {
    // A missing secret is set right by a person, and the message still counts then.
    return { ok: false, retry: "later", error: messageOf(thrown) };
  }
}

async function inTime(picture: Promise<Uint8Array | null>): Promise<Uint8Array | null> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<null>((done) => {
    timer = setTimeout(done, PICTURE_MS, null);
  });
  return Promise.race([picture.catch(() => null), late]).finally(() => clearTimeout(timer));
}

async function keep(row: DeliveryRow, outcome: Outcome, { store, nowMs, random }: DeliverAround): Promise<void> {
  const now = nowMs();
  if (outcome.ok) {
    await markDelivered(store, row, now, outcome.reply);
    return;
  }
  const isOld = now - Date.parse(row.created_at) > GIVE_UP_MS;
  const delayMs = retryDelayMs(BACK_OFF, Math.min(row.attempts, 20), random, outcome.retryAfterMs);
  const retryMs = outcome.retry === "never" || isOld ? null : now + Math.max(SECOND_MS, delayMs);
  await markFailed(store, row, { nowMs: now, error: outcome.error, retryMs });
}

/** What the receiver asked to wait for holds for all that it is to get. */
async function postpone(name: string, retryAfterMs: number, { store, nowMs }: DeliverAround): Promise<void> {
  if (retryAfterMs === 0) return;
  const untilMs = nowMs() + retryAfterMs;
  await store.transaction(async (transaction) => {
    const waiting = await transaction.find("deliveries", { where: { receiver: name, state: "waiting" }, untilMs });
    for (const row of waiting) {
      await transaction.put("deliveries", { ...row, due_at: new Date(untilMs).toISOString() });
    }
  });
}

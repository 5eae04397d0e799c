import { readFileSync } from "node:fs";
import { messageOf } from "../../errors/errors.js";
import { type Delivered, type DeliverOptions, type DropReason, deliver, OutOfPatience } from "./deliver.js";
import { bytesOfEntries, type Entry, entriesOf, entryPath, moveEntry, removeEntry } from "./queue-folder.js";
import type { ReceiverClient } from "./receiver-client.js";
import type { SampleSeries } from "./sample-series.js";
import { decodeRequest } from "./wire.js";

/** What happens to a queue, for whoever counts. */
export type SendEvent =
  | { readonly kind: "sent"; readonly samples: number }
  | {
      readonly kind: "dropped";
      readonly reason: DropReason | "damaged";
      readonly samples: number;
      /** One of the series, and what the receiver said of it. */
      readonly words: string;
    }
  | { readonly kind: "failed"; readonly said: string }
  | { readonly kind: "queue"; readonly requests: number; readonly samples: number; readonly bytes: number };

export interface SenderOptions {
  readonly folder: string;
  readonly client: ReceiverClient;
  readonly onEvent: (event: SendEvent) => void;
  readonly signal: AbortSignal;
  /** Ends when the queue is empty, or the receiver does not take anything for a few tries; else it waits for more. */
  readonly isOnce: boolean;
}

/** How often an empty queue is looked at. */
const POLL_MS = 500;
const RETRIES_ONCE = 3;

/** Sends a queue, the oldest request first, one at a time: a receiver that is slow is not given more than it takes. */
export async function sendQueue(options: SenderOptions): Promise<void> {
  const { folder, onEvent, signal, isOnce } = options;
  const sleep = (ms: number) => wait(ms, signal);
  const delivering: DeliverOptions = {
    client: options.client,
    onFailure: (said) => onEvent({ kind: "failed", said }),
    sleep,
    random: Math.random,
    retries: isOnce ? RETRIES_ONCE : Number.POSITIVE_INFINITY,
  };
  let shown = "";
  const sendNext = async (): Promise<boolean> => {
    const entries = entriesOf(folder).filter(({ state }) => state !== "new");
    const size = queueOf(folder, entries);
    if (JSON.stringify(size) !== shown) onEvent(size);
    shown = JSON.stringify(size);
    if (entries.length > 0) await sendEntry(folder, entries[0], delivering, onEvent);
    return entries.length > 0;
  };
  try {
    while (!signal.aborted) {
      try {
        if (await sendNext()) continue;
        if (isOnce) return;
      } catch (thrown) {
        if (isOnce || signal.aborted) throw thrown;
        // A folder that cannot be read or written now, as on a full disk.
        onEvent({ kind: "failed", said: messageOf(thrown) });
      }
      await sleep(POLL_MS);
    }
  } catch (thrown) {
    if (!signal.aborted && !(thrown instanceof OutOfPatience)) throw thrown;
  } finally {
    await options.client.close();
  }
}

async function sendEntry(
  folder: string,
  entry: Entry,
  delivering: DeliverOptions,
  onEvent: (event: SendEvent) => void,
): Promise<void> {
  const own = entry.state === "sending" ? entry : moveEntry(folder, entry, "sending");
  if (own === undefined) return;
  let series: readonly SampleSeries[];
  try {
    series = decodeRequest(readFileSync(entryPath(folder, own)));
  } catch (thrown) {
    removeEntry(folder, own);
    onEvent({ kind: "dropped", reason: "damaged", samples: own.samples, words: messageOf(thrown) });
    return;
  }
  report(await deliver(series, entry.state === "sending", delivering), onEvent);
  removeEntry(folder, own);
}

function report({ sent, dropped }: Delivered, onEvent: (event: SendEvent) => void): void {
  if (sent > 0) onEvent({ kind: "sent", samples: sent });
  for (const [reason, { samples, series, example, said }] of dropped) {
    const others = series > 1 ? ` and ${series - 1} more` : "";
    onEvent({ kind: "dropped", reason, samples, words: `${example}${others}: ${said}` });
  }
}

function queueOf(folder: string, entries: readonly Entry[]): Extract<SendEvent, { kind: "queue" }> {
  const samples = entries.reduce((sum, entry) => sum + entry.samples, 0);
  return { kind: "queue", requests: entries.length, samples, bytes: bytesOfEntries(folder, entries) };
}

/** @throws the signal's reason as soon as it is aborted. */
function wait(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    if (signal.aborted) return reject(signal.reason);
    const end = () => {
      clearTimeout(timer);
      reject(signal.reason);
    };
    const timer = setTimeout(() => {
      signal.removeEventListener("abort", end);
      resolve();
    }, ms);
    signal.addEventListener("abort", end, { once: true });
  });
}

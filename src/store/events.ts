import type { EventRow } from "./rows.js";
import type { Reading } from "./store.js";

export type EventKind = EventRow["kind"];
export const EVENT_KINDS = ["deploy", "maintenance", "holiday"] as const satisfies readonly EventKind[];

/** Events that touch `[fromMs, untilMs)`, in the order of their end. */
export async function eventsBetween(reading: Reading, fromMs: number, untilMs: number): Promise<readonly EventRow[]> {
  const notOver = await reading.find("events", { fromMs: fromMs + 1 });
  return notOver.filter(({ from }) => Date.parse(from) < untilMs);
}

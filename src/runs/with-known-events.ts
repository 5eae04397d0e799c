import { withEvents } from "../records/events.js";
import type { KnownEvent } from "../records/known-event.js";
import type { TimeRange } from "../series/series.js";
import type { Found } from "./find-anomalies.js";

/** Events that touch a range. */
export type EventsIn = (range: TimeRange) => Promise<readonly KnownEvent[]>;

/** Asks for a range only where it does not lie within the one before. What is answered may hold events outside of it. */
export function askedOnce(eventsIn: EventsIn): EventsIn {
  let before: { readonly range: TimeRange; readonly events: readonly KnownEvent[] } | undefined;
  return async (range) => {
    if (before === undefined || range.startMs < before.range.startMs || range.endMs > before.range.endMs) {
      before = { range, events: await eventsIn(range) };
    }
    return before.events;
  };
}

/** What was found, with what events say of it. */
export async function withKnownEvents(found: Found, range: TimeRange, eventsIn: EventsIn | undefined): Promise<Found> {
  const all = [...found.records, ...found.ended];
  if (eventsIn === undefined || all.length === 0) return found;
  // An episode may have begun before the range.
  const startMs = all.reduce((first, { start }) => Math.min(first, Date.parse(start)), range.startMs);
  const events = await eventsIn({ startMs, endMs: range.endMs });
  return { ...found, records: withEvents(found.records, events), ended: withEvents(found.ended, events) };
}

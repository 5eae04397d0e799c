import { messageOf } from "../../errors/errors.js";
import type { KnownEvent } from "../../records/known-event.js";
import { type EventSources, hasEventSources } from "../../runs/events/event-sources.js";
import { eventsBetween } from "../../store/events.js";
import type { Store } from "../../store/store.js";
import { DAY_MS, MINUTE_MS } from "../../time/duration.js";
import type { House, ServedEvents } from "../room.js";

/** How often calendars, annotations and silences are asked again. */
const FETCH_MS = 2 * MINUTE_MS;
/** Records that are open for longer than this are given what the events of these days say. */
const BACK_MS = 40 * DAY_MS;
const AHEAD_MS = DAY_MS;

/**
 * The events of the store as they are now, and those of other places as they were a moment ago. A place that does not answer is logged; what it
 * said last still counts, so that an outage ends no maintenance.
 */
export function servedEvents(
  store: Store,
  sourcesNow: () => EventSources,
  { nowMs, log, env }: Pick<House, "nowMs" | "log"> & { readonly env: Readonly<Record<string, string | undefined>> },
): ServedEvents {
  let sources = sourcesNow();
  let fetched: readonly KnownEvent[] = [];
  let fetchedMs = Number.NEGATIVE_INFINITY;
  let underWay: Promise<void> | undefined;
  const fetch = async () => {
    const { fetchEvents } = await import("../../runs/events/fetch-events.js");
    const range = { startMs: nowMs() - BACK_MS, endMs: nowMs() + AHEAD_MS };
    let isWhole = true;
    const warn = (message: string) => {
      isWhole = false;
      log("warn", message);
    };
    const found = await fetchEvents(sources, range, { env, warn, signal: new AbortController().signal });
    const ids = new Set(found.map(({ id }) => id));
    fetched = isWhole ? found : [...found, ...fetched.filter(({ id }) => !ids.has(id))];
  };
  const refresh = async () => {
    if (!hasEventSources(sources) || nowMs() - fetchedMs < FETCH_MS) return;
    fetchedMs = nowMs();
    underWay = fetch()
      .catch((thrown) => log("warn", `events: ${messageOf(thrown)}`))
      .finally(() => {
        underWay = undefined;
      });
  };
  let isFirst = true;
  return async (beforeMs = Number.POSITIVE_INFINITY) => {
    const changed = sourcesNow();
    if (JSON.stringify(changed) !== JSON.stringify(sources)) {
      await underWay;
      fetched = [];
      fetchedMs = Number.NEGATIVE_INFINITY;
      isFirst = true;
    }
    sources = changed;
    await refresh();
    // The first run waits for them: what lies in a maintenance must not alert after a restart.
    if (isFirst) await underWay;
    isFirst = false;
    const stored = await eventsBetween(store, Math.min(beforeMs, nowMs()) - BACK_MS, nowMs() + AHEAD_MS).catch(
      (thrown) => {
        log("error", `the store's events are missing: ${messageOf(thrown)}`);
        return [];
      },
    );
    return [...stored, ...fetched];
  };
}

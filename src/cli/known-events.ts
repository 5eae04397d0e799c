import type { KnownEvent } from "../records/known-event.js";
import { type EventSources, hasEventSources } from "../runs/events/event-sources.js";
import type { TimeRange } from "../series/series.js";
import { checkTimezone } from "../time/timezone.js";
import type { CommandContext } from "./commands/spec.js";
import { isStoreThere, withStore } from "./open-store.js";

/** The options about events as the sources that they describe. */
export function eventSources(
  options: Pick<CommandContext<"serve">["options"], "calendar" | "timezone"> &
    Partial<Pick<CommandContext<"infer">["options"], "grafanaEvents" | "alertmanagerUrl" | "grafanaUrl">>,
): EventSources {
  const { calendar, grafanaEvents = [], alertmanagerUrl, grafanaUrl, timezone } = options;
  return {
    calendars: calendar,
    annotations: grafanaEvents.map(({ kind, place }) => ({ kind, tag: place })),
    grafanaUrl,
    alertmanagerUrl,
    timezone: checkTimezone(timezone ?? "UTC"),
  };
}

/** All events that touch a range: those of the store, and of calendars, annotations and silences. */
export async function knownEvents(
  context: CommandContext<"infer"> | CommandContext<"train"> | CommandContext<"backtest"> | CommandContext<"export">,
  range: TimeRange,
): Promise<readonly KnownEvent[]> {
  const sources = eventSources(context.options);
  const stored = isStoreThere(context)
    ? await withStore(context, async (store) =>
        (await import("../store/events.js")).eventsBetween(store, range.startMs, range.endMs),
      )
    : [];
  if (!hasEventSources(sources)) return stored;
  const { fetchEvents } = await import("../runs/events/fetch-events.js");
  const { streams, log, signal } = context;
  return [...stored, ...(await fetchEvents(sources, range, { env: streams.env, warn: log.warn, signal }))];
}

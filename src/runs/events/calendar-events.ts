import type { DateWithTimeZone, EventInstance, ParameterValue, VEvent } from "node-ical";
import { InputError } from "../../errors/errors.js";
import type { KnownEvent } from "../../records/known-event.js";
import type { TimeRange } from "../../series/series.js";
import { DAY_MS } from "../../time/duration.js";
import { formatUtc } from "../../time/format.js";
import { parseInstant } from "../../time/instant.js";

/**
 * The entries of an iCalendar that touch a range. Recurring ones are taken apart, with exceptions and moved instances; times are of the zone that
 * they name. A day is a day in `timezone`: a holiday is over the whole of it. A line `match: machine=n2*` of an entry's
 * description says what it concerns; without one it concerns every series. Cancelled entries are left out.
 *
 * @param name of the calendar, for messages. @throws InputError where the text is no calendar.
 */
export async function calendarEvents(
  text: string,
  { name, kind, timezone }: { readonly name: string; readonly kind: KnownEvent["kind"]; readonly timezone: string },
  range: TimeRange,
): Promise<readonly KnownEvent[]> {
  if (!/^\uFEFF?BEGIN:VCALENDAR\s/.test(text)) {
    throw new InputError("calendar", `${name} is no iCalendar: it does not begin with BEGIN:VCALENDAR`);
  }
  const { default: ical } = await import("node-ical");
  const entries = Object.values(ical.sync.parseICS(text)).filter((one): one is VEvent => one?.type === "VEVENT");
  const found: KnownEvent[] = [];
  for (const entry of entries) {
    if (entry.status === "CANCELLED" || !isDate(entry.start)) continue;
    // Days are moved to the zone afterwards, so the search is a day wider on both sides.
    const wide = { from: new Date(range.startMs - DAY_MS), to: new Date(range.endMs + DAY_MS) };
    for (const instance of instancesOf(
      entry,
      () => ical.expandRecurringEvent(entry, { ...wide, expandOngoing: true }),
      name,
    )) {
      const span = spanOf(instance, timezone);
      if (instance.event.status === "CANCELLED" || span.endMs <= range.startMs || span.startMs >= range.endMs) continue;
      found.push({
        id: `ical:${instance.event.uid}:${formatUtc(span.startMs)}`,
        kind,
        matchers: matchersOf(instance.event),
        from: formatUtc(span.startMs),
        until: formatUtc(span.endMs),
        note: words(instance.summary) || null,
      });
    }
  }
  return found;
}

/** The library gives up on a rule of more than ten thousand instances, such as one every minute. */
function instancesOf(entry: VEvent, expand: () => EventInstance[], name: string): readonly EventInstance[] {
  try {
    return expand();
  } catch (cause) {
    const which = words(entry.summary) || entry.uid;
    throw new InputError(
      "calendar",
      `${name}: the entry ${JSON.stringify(which)} recurs too often, or its rule is none`,
      {
        cause,
      },
    );
  }
}

function spanOf({ start, end, isFullDay }: EventInstance, timezone: string): TimeRange {
  if (!isFullDay) return { startMs: start.getTime(), endMs: Math.max(end.getTime(), start.getTime() + 1) };
  const startMs = midnight(start, timezone);
  const days = Math.max(1, Math.round((end.getTime() - start.getTime()) / DAY_MS));
  // By the calendar, because a day of a change of the clock has 23 or 25 hours.
  const until = new Date(start.getTime());
  until.setDate(until.getDate() + days);
  return { startMs, endMs: midnight(until, timezone) };
}

/** Of a day without a time node-ical gives midnight on this machine's clock. */
function midnight(day: Date, timezone: string): number {
  const two = (n: number) => String(n).padStart(2, "0");
  const date = `${day.getFullYear()}-${two(day.getMonth() + 1)}-${two(day.getDate())}`;
  return parseInstant(date, { nowMs: 0, timezone });
}

function matchersOf({ description }: VEvent): readonly string[] {
  return [...words(description).matchAll(/^\s*match:\s*(.+?)\s*$/gim)].map(([, matcher]) => matcher);
}

/** A text may come with parameters, such as its language. */
function words(value: ParameterValue | undefined): string {
  return typeof value === "string" ? value : String((value as { readonly val?: unknown } | undefined)?.val ?? "");
}

const isDate = (value: DateWithTimeZone | undefined) => value !== undefined && !Number.isNaN(value.getTime());

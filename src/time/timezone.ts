import { UsageError } from "../errors/errors.js";
import { DAY_MS, HOUR_MS, MINUTE_MS, SECOND_MS } from "./duration.js";
import { type CivilTime, civilFromDays, civilToMs } from "./timezone-civil.js";
import { nearestTimezone } from "./timezone-names.js";

/** What a wall clock in a zone shows; `weekday` 0 is Monday. */
export interface ZonedParts extends CivilTime {
  readonly weekday: number;
}

/** One zone's offsets, asked of Intl once a day of data and then answered from the span that holds the moment. */
interface ZoneClock {
  readonly format: Intl.DateTimeFormat;
  /** For each UTC day: its one offset, or where in the day the offset changes. */
  readonly days: Map<number, DayOffsets>;
  spanStartMs: number;
  spanEndMs: number;
  spanOffsetMs: number;
}

interface DayOffsets {
  readonly changeMs: number;
  readonly beforeMs: number;
  readonly afterMs: number;
}

const clocks = new Map<string, ZoneClock>();
let lastZone = "";
let lastClock: ZoneClock | undefined;

function clockOf(zone: string): ZoneClock {
  if (lastClock !== undefined && lastZone === zone) return lastClock;
  let clock = clocks.get(zone);
  if (clock === undefined) {
    checkTimezone(zone);
    const format = new Intl.DateTimeFormat("en-US", {
      timeZone: zone,
      hourCycle: "h23",
      year: "numeric",
      month: "numeric",
      day: "numeric",
      hour: "numeric",
      minute: "numeric",
      second: "numeric",
    });
    clock = { format, days: new Map(), spanStartMs: 0, spanEndMs: 0, spanOffsetMs: 0 };
    clocks.set(zone, clock);
  }
  lastZone = zone;
  lastClock = clock;
  return clock;
}

function askIntl(clock: ZoneClock, timeMs: number): number {
  const wholeMs = Math.floor(timeMs / SECOND_MS) * SECOND_MS;
  const field: Record<string, number> = {};
  for (const part of clock.format.formatToParts(wholeMs)) field[part.type] = Number(part.value);
  const shown = Date.UTC(field.year, field.month - 1, field.day, field.hour, field.minute, field.second);
  return shown - wholeMs;
}

function dayOffsets(clock: ZoneClock, day: number): DayOffsets {
  let known = clock.days.get(day);
  if (known === undefined) {
    let lowMs = day * DAY_MS;
    let highMs = lowMs + DAY_MS;
    const beforeMs = askIntl(clock, lowMs);
    const afterMs = askIntl(clock, highMs - SECOND_MS);
    if (beforeMs === afterMs) lowMs = highMs;
    while (highMs - lowMs > SECOND_MS) {
      const middleMs = Math.floor((lowMs + highMs) / 2 / SECOND_MS) * SECOND_MS;
      if (askIntl(clock, middleMs) === beforeMs) lowMs = middleMs;
      else highMs = middleMs;
    }
    known = { changeMs: highMs, beforeMs, afterMs };
    clock.days.set(day, known);
  }
  return known;
}

/**
 * How far a zone's clock is ahead of UTC at a moment, ms: 7,200,000 for Europe/Berlin in July.
 *
 * Intl is asked a few times for each day of data; all other calls cost a comparison, so loops over millions of
 * points may call this. Assumes that no zone changes its offset twice within one UTC day.
 *
 * @throws UsageError if the zone does not exist.
 */
export function offsetMs(timeMs: number, zone: string): number {
  if (zone === "UTC") return 0;
  const clock = clockOf(zone);
  if (timeMs >= clock.spanStartMs && timeMs < clock.spanEndMs) return clock.spanOffsetMs;
  const day = Math.floor(timeMs / DAY_MS);
  const { changeMs, beforeMs, afterMs } = dayOffsets(clock, day);
  const before = timeMs < changeMs;
  clock.spanStartMs = before ? day * DAY_MS : changeMs;
  clock.spanEndMs = before ? changeMs : (day + 1) * DAY_MS;
  clock.spanOffsetMs = before ? beforeMs : afterMs;
  return clock.spanOffsetMs;
}

/**
 * The wall clock of a zone at a moment. Fractions of a second are cut off.
 *
 * @throws UsageError if the zone does not exist.
 * @example zonedParts(Date.UTC(2025, 6, 1, 12), "Europe/Berlin").hour // 14
 */
export function zonedParts(timeMs: number, zone: string): ZonedParts {
  const localMs = timeMs + offsetMs(timeMs, zone);
  const days = Math.floor(localMs / DAY_MS);
  const inDayMs = localMs - days * DAY_MS;
  const [year, month, day] = civilFromDays(days);
  return {
    year,
    month,
    day,
    hour: Math.floor(inDayMs / HOUR_MS),
    minute: Math.floor(inDayMs / MINUTE_MS) % 60,
    second: Math.floor(inDayMs / SECOND_MS) % 60,
    // 1970-01-01 was a Thursday, which is 3 when Monday is 0.
    weekday: (((days + 3) % 7) + 7) % 7,
  };
}

/**
 * The moment at which a zone's wall clock shows this reading.
 *
 * Where the clock is set back and shows a reading twice, the first of the two; where it is set forward and never
 * shows it, the moment that lies as far past the change as the reading does (02:30 becomes 03:30). Both as
 * Temporal's `disambiguation: "compatible"` and java.time do.
 *
 * @throws UsageError if the zone does not exist.
 * @example zonedToUtcMs({ year: 2025, month: 7, day: 1, hour: 14, minute: 0, second: 0 }, "Europe/Berlin")
 */
export function zonedToUtcMs(civil: CivilTime, zone: string): number {
  return localToUtcMs(civilToMs(civil), zone);
}

/** `zonedToUtcMs` for a reading given as milliseconds "as if UTC"; fractions of a second are kept. */
export function localToUtcMs(localMs: number, zone: string): number {
  // A day away on either side is on the far side of any change that could concern this reading.
  const earlierMs = localMs - offsetMs(localMs - DAY_MS, zone);
  if (earlierMs + offsetMs(earlierMs, zone) === localMs) return earlierMs;
  const laterMs = localMs - offsetMs(localMs + DAY_MS, zone);
  if (laterMs + offsetMs(laterMs, zone) === localMs) return laterMs;
  return earlierMs;
}

/**
 * The zone, if it is one.
 *
 * @throws UsageError naming the nearest name there is: `"Europe/Berln"` → `Europe/Berlin`.
 */
export function checkTimezone(text: string): string {
  // The first use of Intl costs 30 ms, which the default zone must not.
  if (text === "UTC") return text;
  // Newer V8 takes "+02:00" as a zone and Node 20 does not: refused everywhere, a fixed offset has no DST anyway.
  if (!/^[+-]|^$/.test(text)) {
    try {
      new Intl.DateTimeFormat("en-US", { timeZone: text });
      return text;
    } catch {
      // RangeError: no such zone. Answered below with a name that exists.
    }
  }
  throw new UsageError(
    "timezone",
    `"${text}" is not a time zone; did you mean ${nearestTimezone(text)}? Zones are named as in the IANA database, or UTC`,
  );
}

/** Whether `name`, such as one read from a file, is a zone that {@link checkTimezone} takes. */
export function isTimezone(name: unknown): boolean {
  if (typeof name !== "string") return false;
  try {
    checkTimezone(name);
    return true;
  } catch {
    return false;
  }
}

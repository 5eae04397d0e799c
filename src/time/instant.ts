import { UsageError } from "../errors/errors.js";
import { DAY_MS, parseDuration } from "./duration.js";
import { epochToMs, OLDEST_TIME_MS } from "./instant-epoch.js";
import { parseDateTime } from "./instant-iso.js";
import { checkTimezone, localToUtcMs, zonedParts, zonedToUtcMs } from "./timezone.js";

export interface InstantContext {
  /** The wall clock, handed in. */
  readonly nowMs: number;
  /** Zone of readings without one, and of `today`. */
  readonly timezone: string;
}

/**
 * A moment in epoch milliseconds, from any of the ways in which people and their tools write one:
 *
 * - ISO 8601: `2025-07-01`, `2025-07-01T21:14`, `2025-07-01 21:14:05.5`, with `Z`, `+02:00` or no zone (then `timezone`)
 * - epoch seconds, milliseconds, microseconds or nanoseconds, distinguished by size
 * - `now`, `today`, `yesterday` (midnight in `timezone`), each with offsets: `now-24h`, `today+6h`, `now-1d-30min`
 * - an offset alone, from now: `-24h`, `-5min`, `-1mon` (30 days, as in Graphite); `M` is a month, as in Grafana
 * - Graphite's `21:14_20250701` and `20250701`
 *
 * @throws UsageError for anything else, for dates that do not exist and for moments before 2000.
 * @example parseInstant("now-24h", { nowMs: 86_400_000_000_000, timezone: "UTC" }) // 86_313_600_000_000
 */
export function parseInstant(text: string, { nowMs, timezone }: InstantContext): number {
  checkTimezone(timezone);
  const trimmed = text.trim();
  const timeMs =
    relative(trimmed, nowMs, timezone) ??
    graphiteClock(trimmed, timezone) ??
    epoch(trimmed) ??
    parseDateTime(trimmed, timezone);
  if (timeMs === undefined) {
    throw new UsageError(
      "instant",
      `"${text}" is not a moment in time; write it like 2025-07-01T21:14:00Z, 2025-07-01, 1751404440 or now-24h`,
    );
  }
  if (timeMs < OLDEST_TIME_MS) {
    throw new UsageError(
      "instant",
      `"${text}" is a moment before 2000-01-01; write a full date, or epoch seconds or milliseconds`,
    );
  }
  return timeMs;
}

function relative(text: string, nowMs: number, timezone: string): number | undefined {
  const match = /^(now|today|yesterday|midnight)?((?:\s*[+-]\s*(?:\d+(?:\.\d+)?\s*[a-z]+\s*)+)*)$/i.exec(text);
  if (match === null || text === "") return undefined;
  const word = match[1]?.toLowerCase() ?? "now";
  let timeMs = word === "now" ? nowMs : midnightMs(nowMs, timezone, word === "yesterday" ? 1 : 0);
  for (const [, sign, amount] of match[2].matchAll(/([+-])([^+-]+)/g)) {
    // Graphite and Grafana both know a month; parseDuration would read the capital as minutes.
    const durationMs = parseDuration(amount.replace(/(\d)\s*M(?![a-z])/g, "$1mon"));
    timeMs += sign === "-" ? -durationMs : durationMs;
  }
  return timeMs;
}

function midnightMs(nowMs: number, timezone: string, daysBack: number): number {
  const { year, month, day } = zonedParts(nowMs, timezone);
  const todayLocalMs = Date.UTC(year, month - 1, day);
  return localToUtcMs(todayLocalMs - daysBack * DAY_MS, timezone);
}

function graphiteClock(text: string, timezone: string): number | undefined {
  const match = /^(?:(\d{1,2}):(\d\d)_)?(\d{4})(\d\d)(\d\d)$/.exec(text);
  if (match === null) return undefined;
  const [hour, minute, year, month, day] = match.slice(1).map((part) => Number(part ?? 0));
  const date = `${match[3]}-${match[4]}-${match[5]}`;
  if (hour > 23 || minute > 59 || parseDateTime(date, "UTC") === undefined) return undefined;
  return zonedToUtcMs({ year, month, day, hour, minute, second: 0 }, timezone);
}

function epoch(text: string): number | undefined {
  return /^\d{5,}(\.\d+)?$/.test(text) ? epochToMs(Number(text)) : undefined;
}

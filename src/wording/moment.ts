import { MINUTE_MS } from "../time/duration.js";
import { zonedParts } from "../time/timezone.js";

/**
 * A moment as people read it: `2025-07-01 21:14` on the zone's wall clock, seconds only where there are any.
 */
export function formatIn(timeMs: number, timezone: string): string {
  const parts = zonedParts(timeMs, timezone);
  const two = (value: number) => String(value).padStart(2, "0");
  const seconds = parts.second === 0 ? "" : `:${two(parts.second)}`;
  return `${parts.year}-${two(parts.month)}-${two(parts.day)} ${two(parts.hour)}:${two(parts.minute)}${seconds}`;
}

/** `07-01 21:14`, with the year only where it is another than that of the period's end. */
export function shortTime(iso: string, timezone: string, endMs: number): string {
  const text = formatIn(Math.floor(Date.parse(iso) / MINUTE_MS) * MINUTE_MS, timezone);
  return text.slice(0, 4) === formatIn(endMs, timezone).slice(0, 4) ? text.slice(5) : text;
}

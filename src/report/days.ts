import type { TimeRange } from "../series/series.js";
import { zonedParts, zonedToUtcMs } from "../time/timezone.js";
import { formatIn } from "../wording/moment.js";

/** A day of a zone's calendar, as far as it lies in the period. 23 or 25 hours where the clock is set. */
export interface Day extends TimeRange {
  /** `2025-07-01` */
  readonly date: string;
}

/** The days that a period touches, oldest first; the first and the last may be parts of one. */
export function daysOf(range: TimeRange, timezone: string): Day[] {
  const { year, month, day } = zonedParts(range.startMs, timezone);
  const midnight = (offset: number) => {
    const date = new Date(Date.UTC(year, month - 1, day + offset));
    const civil = { year: date.getUTCFullYear(), month: date.getUTCMonth() + 1, day: date.getUTCDate() };
    return zonedToUtcMs({ ...civil, hour: 0, minute: 0, second: 0 }, timezone);
  };
  const days: Day[] = [];
  for (let offset = 0; ; offset++) {
    const startMs = Math.max(range.startMs, midnight(offset));
    if (startMs >= range.endMs) return days;
    const endMs = Math.min(range.endMs, midnight(offset + 1));
    if (endMs > startMs) days.push({ date: formatIn(startMs, timezone).slice(0, 10), startMs, endMs });
  }
}

import type { TimeRange } from "../series/series.js";
import { DAY_MS } from "../time/duration.js";
import { zonedParts, zonedToUtcMs } from "../time/timezone.js";
import { formatIn } from "../wording/moment.js";
import { type TimeTick, timeTicks } from "./time-ticks.js";

/** Up to this long, hours are worth ticks. */
const HOURS_UP_TO_MS = 3 * DAY_MS;
const TICKS = 12;
const DAYS = [1, 2, 7, 14, 28, 56, 112, 364];

/** Ticks of a long history: midnights of a zone, days or weeks apart; hours where it is short. */
export function longTimeTicks(range: TimeRange, timezone: string): readonly TimeTick[] {
  const lengthMs = range.endMs - range.startMs;
  if (lengthMs <= HOURS_UP_TO_MS) return timeTicks(range, timezone, TICKS);
  const days = DAYS.find((step) => lengthMs / (step * DAY_MS) <= TICKS) ?? DAYS[DAYS.length - 1];
  const { year, month, day } = zonedParts(range.startMs, timezone);
  const ticks: TimeTick[] = [];
  for (let k = 1; ; k += days) {
    const date = new Date(Date.UTC(year, month - 1, day + k));
    const timeMs = zonedToUtcMs(
      {
        year: date.getUTCFullYear(),
        month: date.getUTCMonth() + 1,
        day: date.getUTCDate(),
        hour: 0,
        minute: 0,
        second: 0,
      },
      timezone,
    );
    if (timeMs > range.endMs) return ticks;
    ticks.push({ timeMs, label: [formatIn(timeMs, timezone).slice(0, 10)] });
  }
}

/** Ticks of a score: 0, the threshold 1, and 1, 2, 5 of each power of ten up to the highest. */
export function scoreTicks(highest: number): number[] {
  const ticks = [0, 1];
  for (let power = 1; ; power *= 10) {
    for (const factor of [2, 5, 10]) {
      if (factor * power > highest) return ticks;
      ticks.push(factor * power);
    }
  }
}

import type { TimeRange } from "../series/series.js";
import { DAY_MS } from "../time/duration.js";
import { zonedParts, zonedToUtcMs } from "../time/timezone.js";
import { formatValue } from "../wording/format-value.js";
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

/** More labels than this touch each other on an axis of 150 px. */
const MOST_SCORE_TICKS = 9;
/** On a longer axis 0 and 1 are less than 12 px apart: 150 px · ln 2 / ln(1 + 5000). */
const ZERO_UP_TO = 5000;
/** Of a double. */
const LARGEST_POWER = 308;

/**
 * Ticks of a score: 0, the threshold 1, and 1, 2, 5 of each power of ten up to the first that is above the highest, where the axis
 * ends, so that its top is in sight; powers of ten alone, and fewer of them, where that would be too many.
 *
 * @param highest finite
 */
export function scoreTicks(highest: number): number[] {
  const ticks = [0, 1];
  for (let power = 1; ticks[ticks.length - 1] <= highest; power *= 10) ticks.push(2 * power, 5 * power, 10 * power);
  const fine = ticks.slice(0, ticks.findIndex((tick) => tick > highest) + 1);
  if (fine.length <= MOST_SCORE_TICKS) return fine;
  const decades = Math.floor(Math.log10(highest)) + 1;
  const each = Math.ceil(decades / (MOST_SCORE_TICKS - 2));
  const steps = Math.ceil(decades / each);
  const powers = Array.from({ length: steps + 1 }, (_, i) => Number(`1e${Math.min(LARGEST_POWER, i * each)}`));
  return powers[steps] > ZERO_UP_TO ? powers : [0, ...powers];
}

/** `100`, `10 k`, `1 G`, and beyond the prefixes `1e43`. */
export function scoreLabel(tick: number): string {
  return tick < 1e15 ? formatValue(tick, null) : tick.toExponential(0).replace("e+", "e");
}

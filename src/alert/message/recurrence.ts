import { DAY_MS, HOUR_MS, WEEK_MS } from "../../time/duration.js";
import { zonedParts } from "../../time/timezone.js";
import { roughDuration } from "../../wording/rough-duration.js";

const WEEKDAYS = ["Mondays", "Tuesdays", "Wednesdays", "Thursdays", "Fridays", "Saturdays", "Sundays"];
const ORDINALS = ["first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth", "tenth"];
/** Two of a kind are a coincidence. */
const LEAST_ALIKE = 3;
/** Times this near to each other are the same time of day. */
const ALIKE_MS = HOUR_MS;

/**
 * What earlier begins say of this one: `third time in 7 days, always Tuesdays around 02:00`. Null where it is the first in four weeks.
 *
 * @param earlierMs begins of episodes of the same series, in any order; those after `startMs` are left out
 */
export function recurrence(earlierMs: readonly number[], startMs: number, timezone: string): string | null {
  const before = earlierMs.filter((one) => one < startMs && startMs - one <= 4 * WEEK_MS).sort((a, b) => b - a);
  if (before.length === 0) return null;
  const inWeek = before.filter((one) => startMs - one <= WEEK_MS).length;
  const often = inWeek > 0 ? `${ordinal(inWeek + 1)} time in 7 days` : `${ordinal(before.length + 1)} time in 4 weeks`;
  const when = pattern([startMs, ...before], timezone);
  if (when !== null) return `${often}, ${when}`;
  return `${often}, last ${roughDuration((startMs - before[0]) / 1000)} ago`;
}

function pattern(starts: readonly number[], timezone: string): string | null {
  if (starts.length < LEAST_ALIKE) return null;
  const parts = starts.map((one) => zonedParts(one, timezone));
  const ofDay = parts.map(({ hour, minute }) => (hour * 60 + minute) * 60_000);
  const isNear = ofDay.every((one) => {
    const apart = Math.abs(one - ofDay[0]);
    return Math.min(apart, DAY_MS - apart) <= ALIKE_MS;
  });
  if (!isNear) return null;
  const { hour, minute, weekday } = parts[0];
  const around = `around ${String(hour).padStart(2, "0")}:${String(minute).padStart(2, "0")}`;
  const days = new Set(parts.map((one) => `${one.year}-${one.month}-${one.day}`));
  if (days.size < LEAST_ALIKE) return null;
  return parts.every((one) => one.weekday === weekday) ? `always ${WEEKDAYS[weekday]} ${around}` : `always ${around}`;
}

function ordinal(n: number): string {
  if (n <= ORDINALS.length) return ORDINALS[n - 1];
  const [tens, ones] = [n % 100, n % 10];
  const ending = tens > 10 && tens < 14 ? "th" : (["th", "st", "nd", "rd"][ones] ?? "th");
  return `${n}${ending}`;
}

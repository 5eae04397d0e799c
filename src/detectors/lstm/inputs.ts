import { DAY_MS, WEEK_MS } from "../../time/duration.js";
import { offsetMs } from "../../time/timezone.js";

/** Last value, yesterday's against it, whether it is missing, and the clock. */
export const INPUTS = 7;
/** Numbers that say where the clock stands. */
export const CLOCK = 4;
/** Spreads beyond which a value counts as this far: a gate that is driven that far says nothing more. */
const FURTHEST = 8;
/** 1970-01-01 was a Thursday. */
const MONDAY_MS = 4 * DAY_MS;

/** A value in spreads from its location, bounded; NaN stays NaN. */
export function scaledValue(value: number, location: number, spread: number): number {
  return Math.max(-FURTHEST, Math.min(FURTHEST, (value - location) / spread));
}

/** Writes sine and cosine of the hour of the day and of the week, by the zone's clock. */
export function writeClock(timeMs: number, timezone: string, into: Float64Array, at: number): void {
  const localMs = timeMs + offsetMs(timeMs, timezone);
  const day = (2 * Math.PI * localMs) / DAY_MS;
  const week = (2 * Math.PI * (localMs - MONDAY_MS)) / WEEK_MS;
  into[at] = Math.sin(day);
  into[at + 1] = Math.cos(day);
  into[at + 2] = Math.sin(week);
  into[at + 3] = Math.cos(week);
}

/**
 * Writes what the network is given of a slot, all of it known before the slot.
 *
 * @param last newest scaled value. @param isMissing the slot before has none, and `last` is older. @param dayAgo scaled value of a day ago; NaN where it is not known.
 */
export function writeInputs(
  last: number,
  isMissing: boolean,
  dayAgo: number,
  clock: Float64Array,
  clockAt: number,
  into: Float64Array,
): void {
  into[0] = last;
  into[1] = dayAgo === dayAgo ? dayAgo - last : 0;
  into[2] = isMissing ? 1 : 0;
  for (let i = 0; i < CLOCK; i++) into[3 + i] = clock[clockAt + i];
}

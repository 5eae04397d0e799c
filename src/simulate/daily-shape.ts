import { DAY_MS, HOUR_MS } from "../time/duration.js";

/** Fridays 18:00 to Saturdays 06:00 the week turns into the weekend, and back from Sunday to Monday likewise. */
const TURN_HOURS = 12;
const WEEKEND_DEPTH = 0.5;
/** 1970-01-01 was a Thursday; the week here begins on Monday. */
const EPOCH_WEEKDAY = 3;

/**
 * The family's shape at a wall-clock time: a day with one broad and one sharp wave, and a quieter weekend. Unit free,
 * about −1.9 to 1.4.
 *
 * @param localMs epoch ms shifted to the wall clock of the zone
 * @param phaseHours by how much the aggregator runs ahead
 */
export function dailyShape(localMs: number, phaseHours: number): number {
  const hour = (((localMs % DAY_MS) + DAY_MS) % DAY_MS) / HOUR_MS;
  const day = Math.sin(((hour - 9 + phaseHours) * Math.PI) / 12) + 0.4 * Math.sin(((hour - 5) * Math.PI) / 6);
  return day - WEEKEND_DEPTH * weekendShare(localMs);
}

/** 0 on weekdays, 1 on the weekend, and a straight line between them around midnight. */
function weekendShare(localMs: number): number {
  const day = Math.floor(localMs / DAY_MS);
  const weekday = (((day + EPOCH_WEEKDAY) % 7) + 7) % 7;
  const hourOfWeek = weekday * 24 + (localMs - day * DAY_MS) / HOUR_MS;
  const saturday = 5 * 24;
  const rising = (hourOfWeek - saturday) / TURN_HOURS + 0.5;
  // The week wraps on Monday 00:00: the last hours of Sunday and the first of Monday are one turn.
  const sinceMonday = hourOfWeek < TURN_HOURS ? hourOfWeek : hourOfWeek - 7 * 24;
  const falling = 0.5 - sinceMonday / TURN_HOURS;
  const clamp = (x: number) => Math.min(1, Math.max(0, x));
  return hourOfWeek < TURN_HOURS ? clamp(falling) : Math.min(clamp(rising), clamp(falling));
}

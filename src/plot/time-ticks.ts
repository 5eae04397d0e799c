import type { TimeRange } from "../series/series.js";
import { HOUR_MS, MINUTE_MS } from "../time/duration.js";
import { zonedParts } from "../time/timezone.js";
import { formatIn } from "../wording/moment.js";

export interface TimeTick {
  readonly timeMs: number;
  /** `21:00`, and on the first tick and at midnight the date on a second line. */
  readonly label: readonly string[];
}

const STEPS_MS = [5, 10, 15, 30, 60, 120, 180, 360, 720, 1440].map((minutes) => minutes * MINUTE_MS);
/** Zones lie whole quarters of an hour from UTC, so ticks of 5 minutes fall on slots of 5 minutes everywhere. */
const SCAN_MS = 5 * MINUTE_MS;

/** Whole hours (or parts of one) of a zone's wall clock inside the range, about `count` of them; DST included. */
export function timeTicks(range: TimeRange, timezone: string, count: number): TimeTick[] {
  const length = range.endMs - range.startMs;
  const stepMs = STEPS_MS.find((step) => length / step <= count) ?? STEPS_MS[STEPS_MS.length - 1];
  const ticks: { timeMs: number; clock: string; date: string; midnight: boolean }[] = [];
  for (let timeMs = Math.ceil(range.startMs / SCAN_MS) * SCAN_MS; timeMs <= range.endMs; timeMs += SCAN_MS) {
    const { hour, minute } = zonedParts(timeMs, timezone);
    if ((hour * HOUR_MS + minute * MINUTE_MS) % stepMs !== 0) continue;
    const [date, clock] = formatIn(timeMs, timezone).split(" ");
    ticks.push({ timeMs, clock, date, midnight: hour === 0 && minute === 0 });
  }
  return ticks.map(({ timeMs, clock, date, midnight }, i) => {
    // A date under the first tick would touch that of a midnight right after it.
    const first = i === 0 && !ticks.slice(1, 3).some((tick) => tick.midnight);
    return { timeMs, label: midnight || first ? [clock, date] : [clock] };
  });
}

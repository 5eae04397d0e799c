import { quantile } from "../../../math/quantile.js";
import { SortedWindow } from "../../../math/sorted-window.js";
import type { TimeRange } from "../../../series/series.js";
import { DAY_MS, HOUR_MS } from "../../../time/duration.js";

/**
 * An hour this many times further out than an ordinary hour of the series is not part of its tail. Normal noise does not get
 * there in a lifetime; values that are doubled for an hour reach 10 to 20 on the simulated fleet, whose clean days hold
 * nothing beyond 8 in twelve trainings (`bench/contamination`).
 */
const BEYOND = 8;
/** A series calmer than this, in half-widths of the forest's band, is held to it: a ripple of a flat line is no incident. */
const CALM = 0.2;
/** What lasts shorter is an ordinary spike, which belongs to the tail. */
const LEAST_SLOTS = 3;
/** The median says half of an hour: with one wild slot of three that is soon said. */
const MOST_OF_HOUR = 0.75;
/** What takes more of the calibration days than this, and more than a day, is how the series behaves. */
const MOST_SHARE = 0.1;

/** Slots `from … until - 1`. */
export interface SlotRange {
  readonly from: number;
  readonly until: number;
}

/**
 * Finds the stretches of a series that would spoil a calibration: an hour and longer, and far from expected on one side.
 *
 * The median of each hour is judged against the lower quartile of all of them, twice of which is about their median: half of a
 * short calibration may be incident and echo without hiding either.
 *
 * @param distances signed distance from expected of each slot, in half-widths of the band; NaN is a missing slot.
 * @returns rising, disjoint.
 * @example findIncidents([0.1, -0.2, 0.1, 0.2, -0.1, 9, 9, 9, 0.1, -0.1], 1_200_000) // [{ from: 5, until: 8 }]
 */
export function findIncidents(distances: ArrayLike<number>, stepMs: number): readonly SlotRange[] {
  const length = distances.length;
  const windowSlots = Math.max(LEAST_SLOTS, Math.round(HOUR_MS / stepMs));
  const window = new SortedWindow(windowSlots);
  const hours = new Float64Array(length);
  for (let i = 0; i < length; i++) {
    window.push(distances[i]);
    hours[i] = window.median();
  }
  const ordinary = 2 * quantile(hours.map(Math.abs), 0.25);
  const limit = BEYOND * Math.max(CALM, ordinary);
  const found: SlotRange[] = [];
  for (let i = 0; i < length; i++) {
    if (!(Math.abs(hours[i]) > limit)) continue;
    const side = Math.sign(hours[i]);
    if (shareBeyond(distances, side, limit, Math.max(0, i - windowSlots + 1), i) < MOST_OF_HOUR) continue;
    const isOut = (slot: number) => side * distances[slot] > limit / 2;
    const end = found[found.length - 1]?.until ?? 0;
    // The median passes the limit when half of the window has: the stretch began up to a window before.
    let from = Math.max(end, i - windowSlots + 1);
    while (from <= i && !isOut(from)) from++;
    // What is left of the window after a stretch is over; the deviation back would be a stretch of its own.
    if (from > i) continue;
    while (from > end && isOut(from - 1)) from--;
    let until = i + 1;
    while (until < length && (isOut(until) || distances[until] !== distances[until])) until++;
    while (!isOut(until - 1)) until--;
    found.push({ from, until });
    i = until - 1;
  }
  return found;
}

/** Of the slots `from … until` that hold a value, the share that is beyond the limit on one side. */
function shareBeyond(distances: ArrayLike<number>, side: number, limit: number, from: number, until: number): number {
  let [held, beyond] = [0, 0];
  for (let i = from; i <= until; i++) {
    if (distances[i] === distances[i]) held++;
    if (side * distances[i] > limit) beyond++;
  }
  return beyond / held;
}

/** Whether stretches are few enough to be exceptions: a tenth of the time that was looked at, or a day. */
export function isRare(ranges: readonly TimeRange[], lookedMs: number): boolean {
  const takenMs = ranges.reduce((sum, { startMs, endMs }) => sum + endMs - startMs, 0);
  return takenMs <= Math.max(MOST_SHARE * lookedMs, DAY_MS);
}

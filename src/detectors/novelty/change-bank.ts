import { SortedWindow } from "../../math/sorted-window.js";
import { DAY_MS } from "../../time/duration.js";

/** Means of so many slots against the means of as many before. */
const STEP_SLOTS = [3, 12, 24] as const;
/** The mean of so many slots against the same a day before. */
const DAILY_SLOTS = 12;
/** A value against the median of so many slots before it. */
const MEDIAN_SLOTS = [12, 60] as const;
/** A hole is so many times the usual distance of two values, and at least so many slots. */
const HOLE_DISTANCES = 4;
const HOLE_SLOTS = 4;
/** Values over which the usual distance is taken. */
const DISTANCE_VALUES = 288;
const MEMORY = 2 * STEP_SLOTS[STEP_SLOTS.length - 1];

/** Numbers of the state beside the windows. */
const SCALARS = 5;

/** The names of the changes, in the order of `ChangeBank.changes`. */
export const CHANGE_NAMES: readonly string[] = [
  ...STEP_SLOTS.map((slots) => `mean of ${slots} slots against the ${slots} before`),
  `mean of ${DAILY_SLOTS} slots against a day before`,
  ...MEDIAN_SLOTS.map((slots) => `value against the median of ${slots} slots before`),
];

/**
 * Changes of a series at several scales, in the metric's unit: how the newest mean differs from the one before, from a day
 * before, and the newest value from the medians before it. Windows count values that are there: a series that reports at
 * odd times has the same changes as one on the grid. Behind a hole they begin anew, because nobody saw how the series came there.
 */
export class ChangeBank {
  /** NaN where too little was seen. */
  readonly changes = new Float64Array(CHANGE_NAMES.length).fill(Number.NaN);
  private readonly newest = new Float64Array(MEMORY).fill(Number.NaN);
  private readonly dayBefore: Float64Array;
  private medians = MEDIAN_SLOTS.map((slots) => new SortedWindow(slots));
  private slots = 0;
  private values = 0;
  /** Slots since the newest value, and the usual number of them. */
  private distance = 0;
  private usualDistance = 1;
  private mean = Number.NaN;

  constructor(slotMs: number) {
    this.dayBefore = new Float64Array(Math.max(1, Math.round(DAY_MS / slotMs))).fill(Number.NaN);
  }

  /** @param value NaN for a slot without one: it changes nothing, and time goes on. */
  push(value: number): void {
    const at = this.slots++ % this.dayBefore.length;
    this.distance++;
    if (value === value) {
      this.arrive();
      this.newest[this.values++ % MEMORY] = value;
      let change = 0;
      for (const slots of STEP_SLOTS) this.changes[change++] = this.meanOf(slots, 0) - this.meanOf(slots, slots);
      this.mean = this.meanOf(DAILY_SLOTS, 0);
      this.changes[change++] = this.mean - this.dayBefore[at];
      for (let m = 0; m < MEDIAN_SLOTS.length; m++) {
        this.changes[change++] = this.values > MEDIAN_SLOTS[m] / 3 ? value - this.medians[m].median() : Number.NaN;
        this.medians[m].push(value);
      }
    } else this.changes.fill(Number.NaN);
    this.dayBefore[at] = this.mean;
  }

  /** Notes how far the value before is, and forgets what lies behind a hole. */
  private arrive(): void {
    if (this.distance > Math.max(HOLE_SLOTS, HOLE_DISTANCES * this.usualDistance)) {
      this.values = 0;
      this.medians = MEDIAN_SLOTS.map((slots) => new SortedWindow(slots));
    } else this.usualDistance += (this.distance - this.usualDistance) / DISTANCE_VALUES;
    this.distance = 0;
  }

  /** Mean of `count` values up to `back` values before the newest; NaN if there are not so many. */
  private meanOf(count: number, back: number): number {
    if (this.values < count + back) return Number.NaN;
    let sum = 0;
    for (let i = count + back; i > back; i--) sum += this.newest[(this.values - i) % MEMORY];
    return sum / count;
  }

  get stateLength(): number {
    return this.medians.reduce((sum, median) => sum + median.stateLength, SCALARS + MEMORY + this.dayBefore.length);
  }

  save(into: Float64Array, offset: number): number {
    into.set([this.slots, this.values, this.distance, this.usualDistance, this.mean], offset);
    into.set(this.newest, offset + SCALARS);
    into.set(this.dayBefore, offset + SCALARS + MEMORY);
    return this.medians.reduce(
      (at, median) => median.save(into, at),
      offset + SCALARS + MEMORY + this.dayBefore.length,
    );
  }

  restore(from: Float64Array, offset: number): number {
    [this.slots, this.values, this.distance, this.usualDistance, this.mean] = from.subarray(offset, offset + SCALARS);
    const at = offset + SCALARS;
    this.newest.set(from.subarray(at, at + MEMORY));
    this.dayBefore.set(from.subarray(at + MEMORY, at + MEMORY + this.dayBefore.length));
    return this.medians.reduce((next, median) => median.restore(from, next), at + MEMORY + this.dayBefore.length);
  }
}

import { smallMedian } from "../../math/small-median.js";
import type { StateCursor } from "../../math/state-cursor.js";
import { DAY_MS, HOUR_MS } from "../../time/duration.js";
import { LARGEST_SHIFT_MS } from "../machine/wall-slot.js";

/**
 * How a series begins is no season: a rate that has just been started on falls for minutes from wherever its first value put it, and
 * a day later there is no other day to say so.
 */
const BEGINNING_MS = HOUR_MS / 2;

/** Slots on either side of a past time that are looked at: yesterday's single spike is not today's norm. */
const HALF_WIDTH = 2;

/**
 * What a series was at this time of the days before: the median over the days of small medians around the time.
 *
 * The ring is laid out by the wall clock (`wallSlot`), so that the same time of another day is a whole number of days away
 * across a change of the clock too. An hour that the clock leaves out holds no values; of one that it shows twice the second stays.
 */
export class SeasonRing {
  private readonly lags: readonly number[];
  /** The newest ones, as far back as a clock can be set. */
  private readonly values: Float64Array;
  /**
   * Medians of five, centred, less the first value of the series; known two slots after their centre. To seven digits of that
   * difference, which is closer than a season is known, however far from zero the series lies.
   */
  private readonly smooth: Float32Array;
  private origin = Number.NaN;
  private readonly scratch: Float64Array;
  private newest = Number.NaN;
  /** The slot of the first value. */
  private first = Number.NaN;
  private readonly beginningSlots: number;

  constructor(stepMs: number, days: readonly number[]) {
    this.lags = days.map((day) => Math.max(HALF_WIDTH + 1, Math.round((day * DAY_MS) / stepMs)));
    this.beginningSlots = Math.ceil(BEGINNING_MS / stepMs);
    const near = 2 * HALF_WIDTH + 1 + Math.ceil(LARGEST_SHIFT_MS / stepMs);
    this.values = new Float64Array(near).fill(Number.NaN);
    this.smooth = new Float32Array(Math.max(...this.lags) + near).fill(Number.NaN);
    this.scratch = new Float64Array(Math.max(days.length, 2 * HALF_WIDTH + 1));
  }

  /** The season of a slot of the wall clock, the next one to be pushed; NaN while no day before is known. */
  at(slot: number): number {
    let n = 0;
    for (const lag of this.lags) {
      const value = this.smooth[(slot - lag) % this.smooth.length];
      if (value === value) this.scratch[n++] = value;
    }
    return this.origin + smallMedian(this.scratch, n);
  }

  /** @param slot of the wall clock. */
  push(slot: number, value: number): void {
    if (this.newest === this.newest) for (let left = this.newest + 1; left < slot; left++) this.put(left, Number.NaN);
    this.put(slot, value);
    this.newest = slot;
  }

  private put(slot: number, value: number): void {
    if (this.origin !== this.origin && value === value) [this.origin, this.first] = [value, slot];
    const slots = this.values.length;
    const place = slot % slots;
    this.values[place] = value;
    const centre = slot - HALF_WIDTH;
    let n = 0;
    for (let age = 0, at = place; age <= 2 * HALF_WIDTH; age++) {
      const near = this.values[at];
      if (near === near) this.scratch[n++] = near;
      at = at === 0 ? slots - 1 : at - 1;
    }
    const isBeginning = !(centre - HALF_WIDTH >= this.first + this.beginningSlots);
    const season = isBeginning ? Number.NaN : smallMedian(this.scratch, n) - this.origin;
    // Slots before the first value have no place in the ring.
    if (centre >= 0) this.smooth[centre % this.smooth.length] = season;
  }

  walk(state: StateCursor): void {
    this.newest = state.number(this.newest);
    this.origin = state.number(this.origin);
    this.first = state.number(this.first);
    state.array(this.values);
    state.array(this.smooth);
  }
}

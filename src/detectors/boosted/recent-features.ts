import type { StateCursor } from "../../math/state-cursor.js";
import { DAY_MS, HOUR_MS } from "../../time/duration.js";
import { offsetMs } from "../../time/timezone.js";

/** Of coarse steps a mean is of this many slots. */
const LEAST_SLOTS = 3;
/** Slots on either side of a lag that are averaged: yesterday's single spike is not today's norm. */
const LAG_HALF_WIDTH = 1;

/**
 * What is known of a slot before it comes: rolling means, an exponentially weighted mean, the same time of days before, hour and weekday. Levels are relative to
 * the mean of the last day (`anchor`), and so is the target: a tree cannot say what it has not seen, a distance it can.
 */
export class RecentFeatures {
  /** What levels are relative to; NaN while there is no past. */
  anchor = Number.NaN;
  readonly row: Float32Array;
  private readonly ring: Float64Array;
  private readonly timezone: string;
  private readonly lags: readonly number[];
  private readonly windows: readonly number[];
  private readonly fade: number;
  private pushed = 0;
  private smooth = Number.NaN;

  /** @param slots of past that are kept; no lag may be longer. */
  constructor(stepMs: number, timezone: string, lagsMs: readonly number[], slots: number) {
    this.timezone = timezone;
    this.ring = new Float64Array(slots).fill(Number.NaN);
    this.lags = lagsMs.map((lagMs) => Math.max(LAG_HALF_WIDTH + 1, Math.round(lagMs / stepMs)));
    this.windows = [HOUR_MS, 6 * HOUR_MS, DAY_MS].map((ms) => Math.max(LEAST_SLOTS, Math.round(ms / stepMs)));
    this.fade = 1 - Math.exp(-stepMs / HOUR_MS);
    this.row = new Float32Array(featureCount(lagsMs));
  }

  /** Writes the features of the slot at `timeMs`, the one after the newest pushed, to `row`. */
  describe(timeMs: number): void {
    const means = this.windows.map((slots) => this.meanOf(1, slots));
    const anchor = means[means.length - 1];
    this.anchor = anchor;
    let at = 0;
    this.row[at++] = this.back(1) - anchor;
    this.row[at++] = means[0] - anchor;
    this.row[at++] = means[1] - anchor;
    this.row[at++] = this.smooth - anchor;
    for (const lag of this.lags) this.row[at++] = this.meanOf(lag - LAG_HALF_WIDTH, lag + LAG_HALF_WIDTH) - anchor;
    const localMs = timeMs + offsetMs(timeMs, this.timezone);
    const day = Math.floor(localMs / DAY_MS);
    this.row[at++] = (localMs - day * DAY_MS) / HOUR_MS;
    // 1970-01-01 was a Thursday; Monday is 0.
    this.row[at] = (((day + 3) % 7) + 7) % 7;
  }

  push(value: number): void {
    this.ring[this.pushed++ % this.ring.length] = value;
    if (value !== value) return;
    this.smooth = this.smooth === this.smooth ? this.smooth + this.fade * (value - this.smooth) : value;
  }

  /** The slots that are kept, oldest first. */
  history(): Float64Array {
    const length = Math.min(this.pushed, this.ring.length);
    return Float64Array.from({ length }, (_, i) => this.back(length - i));
  }

  /** @param age 1 is the newest. */
  private back(age: number): number {
    if (age > this.pushed || age > this.ring.length) return Number.NaN;
    return this.ring[(this.pushed - age) % this.ring.length];
  }

  /** Of long windows some slots are enough. */
  private meanOf(newest: number, oldest: number): number {
    const stride = Math.max(1, Math.floor((oldest - newest + 1) / MOST_AVERAGED));
    let sum = 0;
    let count = 0;
    for (let age = newest; age <= oldest; age += stride) {
      const value = this.back(age);
      if (value !== value) continue;
      sum += value;
      count++;
    }
    return sum / count;
  }

  walk(state: StateCursor): void {
    this.pushed = state.number(this.pushed);
    this.smooth = state.number(this.smooth);
    state.array(this.ring);
  }
}

const MOST_AVERAGED = 48;

/** Slots of past that lags and means reach back. */
export function slotsFor(stepMs: number, lagsMs: readonly number[]): number {
  return Math.ceil(Math.max(DAY_MS, ...lagsMs) / stepMs) + 2 * (LEAST_SLOTS + LAG_HALF_WIDTH);
}

/** Columns of a row: last, two means, the smoothed one, lags, hour, weekday. */
export function featureCount(lagsMs: readonly number[]): number {
  return 4 + lagsMs.length + 2;
}

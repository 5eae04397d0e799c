import type { StateCursor } from "../../math/state-cursor.js";
import { DAY_MS, HOUR_MS } from "../../time/duration.js";

/** Like the tail and what recurs, the largest is a memory of about a week: it halves in that time. */
const HALF_LIFE_MS = 7 * DAY_MS;
/** For this long after news only what is this many times as new is news again. */
const SETTLED_AFTER_MS = 12 * HOUR_MS;
const GROWTH = 3;

/**
 * Whether the series has done the like before: the largest residual so far of each kind and side, fading. An alarm beyond it is news,
 * which is what makes an alarm grave; the scale by recent noise only says that it is unusual.
 *
 * It adds no alarm and removes none.
 */
export class News {
  private readonly keep: number;
  private readonly settledSlots: number;
  private readonly rises: Float64Array;
  private readonly falls: Float64Array;
  private slotsSince = Number.POSITIVE_INFINITY;
  private peak = 0;

  /** @param count residuals of a slot. */
  constructor(stepMs: number, count: number) {
    this.keep = 0.5 ** (stepMs / HALF_LIFE_MS);
    this.settledSlots = Math.max(1, Math.round(SETTLED_AFTER_MS / stepMs));
    this.rises = new Float64Array(count);
    this.falls = new Float64Array(count);
  }

  /**
   * Judges a slot, then remembers it.
   *
   * @param residuals in the metric's unit, signed; NaN for what could not be formed.
   * @returns how many times the largest before it the slot is, at least 1; 0 where it is no alarm or no news.
   */
  push(residuals: Float64Array, isAlarm: boolean): number {
    const ratio = isAlarm ? this.largestRatio(residuals) : 0;
    this.remember(residuals);
    const isSettled = ++this.slotsSince >= this.settledSlots;
    if (!(ratio >= 1) || (!isSettled && ratio < GROWTH * this.peak)) return 0;
    this.peak = ratio;
    this.slotsSince = 0;
    return ratio;
  }

  private largestRatio(residuals: Float64Array): number {
    let largest = 0;
    for (let i = 0; i < residuals.length; i++) {
      const before = residuals[i] >= 0 ? this.rises[i] : this.falls[i];
      const ratio = Math.abs(residuals[i]) / Math.max(before, Number.MIN_VALUE);
      if (ratio > largest) largest = ratio;
    }
    return largest;
  }

  private remember(residuals: Float64Array): void {
    const { rises, falls, keep } = this;
    for (let i = 0; i < residuals.length; i++) {
      const residual = residuals[i];
      rises[i] *= keep;
      falls[i] *= keep;
      if (residual > rises[i]) rises[i] = residual;
      else if (-residual > falls[i]) falls[i] = -residual;
    }
  }

  walk(state: StateCursor): void {
    this.slotsSince = state.number(this.slotsSince);
    this.peak = state.number(this.peak);
    state.array(this.rises);
    state.array(this.falls);
  }
}

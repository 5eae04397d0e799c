import type { StateCursor } from "../../math/state-cursor.js";
import type { Forecaster } from "../band/forecaster.js";
import { slotsOfWindow } from "../machine/window.js";

/** Of coarse steps a window holds this many slots, however long that is. */
const LEAST_SLOTS = 6;

import { resolutionOf } from "../finite.js";

/**
 * Mean and standard deviation (n − 1, as pandas' `rolling().std()`) of the values in a trailing window; the slot that is looked at is in neither.
 * Sums are of differences from a value of the window, so that a level far from zero costs no digits, and are made again once a window has
 * passed, so that rounding does not gather.
 */
export class RollingMoments implements Forecaster {
  readonly words = "value against the mean of the window";
  expected = Number.NaN;
  below = Number.NaN;
  above = Number.NaN;
  private readonly ring: Float64Array;
  private at = 0;
  private count = 0;
  private origin = 0;
  private sum = 0;
  private squares = 0;

  constructor(stepMs: number, windowMs: number) {
    this.ring = new Float64Array(slotsOfWindow({ ms: windowMs, leastSlots: LEAST_SLOTS }, stepMs)).fill(Number.NaN);
  }

  look(): void {
    const { count, sum, squares } = this;
    this.expected = this.below = this.above = Number.NaN;
    if (count < 2) return;
    this.expected = this.origin + sum / count;
    const variance = Math.max(0, (squares - (sum * sum) / count) / (count - 1));
    this.below = this.above = Math.max(Math.sqrt(variance), resolutionOf(this.expected));
  }

  learn(_: number, value: number): void {
    const { ring, at } = this;
    this.include(ring[at], -1);
    ring[at] = value;
    this.include(value, 1);
    this.at = at + 1 === ring.length ? 0 : at + 1;
    if (this.at === 0) this.again();
  }

  private include(value: number, by: 1 | -1): void {
    if (value !== value) return;
    const off = value - this.origin;
    this.count += by;
    this.sum += by * off;
    this.squares += by * off * off;
  }

  private again(): void {
    this.count = this.sum = this.squares = 0;
    this.origin = this.ring.find((value) => value === value) ?? 0;
    for (const value of this.ring) this.include(value, 1);
  }

  walk(state: StateCursor): void {
    this.at = state.number(this.at);
    this.count = state.number(this.count);
    this.origin = state.number(this.origin);
    this.sum = state.number(this.sum);
    this.squares = state.number(this.squares);
    state.array(this.ring);
  }
}

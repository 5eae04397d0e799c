import { MAD_TO_SIGMA } from "../../math/robust-scale.js";
import { SortedWindow } from "../../math/sorted-window.js";
import type { StateCursor } from "../../math/state-cursor.js";
import type { Forecaster } from "./forecaster.js";

/** A window is looked at through this many values at most; a median of more says nothing more. */
const MOST_VALUES = 288;

/**
 * The level of a trailing window and how far it spreads: its median and 1.4826 · MAD. Of a long window one slot in a few is taken; the
 * slot that is looked at is in neither.
 */
export class RecentLevel implements Forecaster {
  readonly words = "value against the level of the last day";
  expected = Number.NaN;
  below = Number.NaN;
  above = Number.NaN;
  private readonly window: SortedWindow;
  private readonly stride: number;
  private slots = 0;

  constructor(stepMs: number, windowMs: number) {
    const slots = Math.max(2, Math.round(windowMs / stepMs));
    this.stride = Math.ceil(slots / MOST_VALUES);
    this.window = new SortedWindow(Math.max(2, Math.floor(slots / this.stride)));
  }

  look(): void {
    this.expected = this.window.median();
    this.below = this.above = this.window.medianDeviation() * MAD_TO_SIGMA;
  }

  learn(_: number, value: number): void {
    if (this.slots++ % this.stride === 0) this.window.push(value);
  }

  walk(state: StateCursor): void {
    this.slots = state.number(this.slots);
    this.window.walk(state);
  }
}

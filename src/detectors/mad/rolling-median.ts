import { MAD_TO_SIGMA } from "../../math/robust-scale.js";
import { SortedWindow } from "../../math/sorted-window.js";
import type { StateCursor } from "../../math/state-cursor.js";
import type { Forecaster } from "../band/forecaster.js";
import { slotsOfWindow } from "../machine/window.js";

/** Of coarse steps a window holds this many slots, however long that is. */
const LEAST_SLOTS = 6;

/** Median and 1.4826 · MAD of all values in a trailing window; the slot that is looked at is in neither. */
export class RollingMedian implements Forecaster {
  readonly words = "value against the median of the window";
  expected = Number.NaN;
  below = Number.NaN;
  above = Number.NaN;
  private readonly window: SortedWindow;

  constructor(stepMs: number, windowMs: number) {
    this.window = new SortedWindow(slotsOfWindow({ ms: windowMs, leastSlots: LEAST_SLOTS }, stepMs));
  }

  look(): void {
    this.expected = this.window.median();
    this.below = this.above = this.window.medianDeviation() * MAD_TO_SIGMA;
  }

  learn(_: number, value: number): void {
    this.window.push(value);
  }

  walk(state: StateCursor): void {
    this.window.walk(state);
  }
}

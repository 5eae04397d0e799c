import type { StateCursor } from "../../math/state-cursor.js";
import { resolutionOf } from "../finite.js";

/** A first change of fewer than this many times what a value is known to is rounding, and no measure of anything. */
const MEANT = 256;

/**
 * What the sizes of a series are counted in: its own first change. Sizes are known to 4.4 %, so that they fit in a byte or two, and by a unit of
 * the series the same sizes fall together whatever the metric is measured in: a series in bytes and in gigabytes has the same alarms.
 */
export class Unit {
  /** In the metric's unit; 1 until the series has changed, and until then every size is 0. */
  size = 1;
  private isKnown = 0;
  private last = Number.NaN;

  push(value: number): void {
    if (this.isKnown === 1) return;
    const change = Math.abs(value - this.last);
    if (value === value) this.last = value;
    if (!(change > MEANT * resolutionOf(value))) return;
    this.size = change;
    this.isKnown = 1;
  }

  walk(state: StateCursor): void {
    this.size = state.number(this.size);
    this.isKnown = state.number(this.isKnown);
    this.last = state.number(this.last);
  }
}

import type { StateCursor } from "../../math/state-cursor.js";
import { WEEK_MS } from "../../time/duration.js";
import { resolutionOf } from "../finite.js";

/** A change of fewer than this many times what a value is known to is rounding, and no measure of anything. */
const MEANT = 256;

/**
 * What the sizes of a series are counted in: its own first change of the week, by the clock. Sizes are known to 4.4 %, so that they fit in
 * a byte or two, and by a unit of the series the same sizes fall together whatever the metric is measured in: a series in bytes and in
 * gigabytes has the same alarms. The first change of all would do that too, but a scorer that began a month later would have another unit.
 */
export class Unit {
  /** In the metric's unit; 1 until the series has changed, and until then every size is 0. */
  size = 1;
  private week = Number.NaN;
  private last = Number.NaN;

  /** @returns how many times the new unit the old one is; 1 where it stays. */
  push(timeMs: number, value: number): number {
    const change = Math.abs(value - this.last);
    if (value === value) this.last = value;
    if (timeMs < this.week + WEEK_MS || !(change > MEANT * resolutionOf(value))) return 1;
    this.week = Math.floor(timeMs / WEEK_MS) * WEEK_MS;
    const times = this.size / change;
    this.size = change;
    return times;
  }

  walk(state: StateCursor): void {
    this.size = state.number(this.size);
    this.week = state.number(this.week);
    this.last = state.number(this.last);
  }
}

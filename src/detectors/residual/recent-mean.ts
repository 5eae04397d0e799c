import type { StateCursor } from "../../math/state-cursor.js";

/** The mean of the newest few residuals; NaN if the newest is missing or fewer than three fifths are there. */
export class RecentMean {
  private readonly ring: Float64Array;
  private at = 0;
  /** Values in the mean of the last push. */
  count = 0;

  constructor(slots: number) {
    this.ring = new Float64Array(slots).fill(Number.NaN);
  }

  push(value: number): number {
    this.ring[this.at] = value;
    this.at = this.at + 1 === this.ring.length ? 0 : this.at + 1;
    let sum = 0;
    let n = 0;
    // Oldest first, so that the sum does not depend on where the ring stands.
    for (let i = 0; i < this.ring.length; i++) {
      const entry = this.ring[(this.at + i) % this.ring.length];
      if (entry === entry) {
        sum += entry;
        n++;
      }
    }
    this.count = n;
    return value === value && 5 * n >= 3 * this.ring.length ? sum / n : Number.NaN;
  }

  walk(state: StateCursor): void {
    this.at = state.number(this.at);
    state.array(this.ring);
  }
}

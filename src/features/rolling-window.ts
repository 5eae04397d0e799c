import { MISSING, UNITS_PER_DEVIATION } from "./quantise.js";
import type { SlotRing } from "./slot-ring.js";

/**
 * Mean and standard deviation of a fixed window of past slots that slides with the ring.
 *
 *      newest                                     oldest
 *      age 1 … offset │ offset+1 … offset+length │ …
 *                     └──────── the window ──────┘
 *
 * MISSING slots are skipped. All sums are exact integers (see quantise.ts).
 */
export class RollingWindow {
  readonly offset: number;
  readonly length: number;
  count = 0;
  private sum = 0;
  private squares = 0;

  constructor(offset: number, length: number) {
    this.offset = offset;
    this.length = length;
  }

  /** Slides by one slot. Call after each push to the ring. */
  slide(ring: SlotRing): void {
    const entering = ring.back(this.offset + 1);
    if (entering !== MISSING) {
      this.count++;
      this.sum += entering;
      this.squares += entering * entering;
    }
    const leaving = ring.back(this.offset + this.length + 1);
    if (leaving !== MISSING) {
      this.count--;
      this.sum -= leaving;
      this.squares -= leaving * leaving;
    }
  }

  /** Recounts from the ring; equals what sliding would have given, because the sums are exact. */
  rebuild(ring: SlotRing): void {
    RollingWindow.rebuildAll([this], ring.from(this.offset + 1, this.length));
  }

  /**
   * Recounts windows that begin at one slot, in one pass: each is the shorter one and the slots behind it.
   *
   * @param windows shortest first. @param slots from that slot back on, as many as the longest window has.
   */
  static rebuildAll(windows: readonly RollingWindow[], slots: Int32Array): void {
    // Local sums: a write to the object for each slot would take twice the time.
    let count = 0;
    let sum = 0;
    let squares = 0;
    let i = 0;
    for (const window of windows) {
      for (const end = window.length; i < end; i++) {
        const value = slots[i];
        if (value === MISSING) continue;
        count++;
        sum += value;
        squares += value * value;
      }
      window.count = count;
      window.sum = sum;
      window.squares = squares;
    }
  }

  /** In robust deviations; NaN without values. */
  mean(): number {
    return this.count === 0 ? Number.NaN : this.sum / this.count / UNITS_PER_DEVIATION;
  }

  /** Sample standard deviation (n − 1, as pandas), in robust deviations; NaN below two values. */
  standardDeviation(): number {
    if (this.count < 2) return Number.NaN;
    // n·Σx² and (Σx)² can pass 2⁵³; the division by n first keeps the difference accurate enough, and never below 0.
    const variance = (this.squares - (this.sum / this.count) * this.sum) / (this.count - 1);
    return variance > 0 ? Math.sqrt(variance) / UNITS_PER_DEVIATION : 0;
  }
}

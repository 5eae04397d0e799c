import { MISSING, UNITS_PER_DEVIATION } from "./quantise.js";
import type { SlotRing } from "./slot-ring.js";

/**
 * Minimum or maximum of the newest `length` slots, amortised constant time a slot.
 *
 * Keeps the candidates that no newer value beats, oldest first; the front is the answer. Positions are slot numbers since
 * the first push. Source: Lemire, "Streaming maximum-minimum filter using no more than three comparisons per
 * element", Nordic J. Computing 13 (2006), the deque form.
 */
export class RollingExtremum {
  readonly length: number;
  private readonly sign: 1 | -1;
  /** The deque wraps at a power of two, so that `&` does it (see slot-ring.ts). */
  private readonly mask: number;
  private readonly positions: Int32Array;
  private readonly values: Int32Array;
  private head = 0;
  private size = 0;

  constructor(length: number, which: "min" | "max") {
    this.length = length;
    this.sign = which === "max" ? 1 : -1;
    const capacity = 2 ** Math.ceil(Math.log2(length + 1));
    this.mask = capacity - 1;
    this.positions = new Int32Array(capacity);
    this.values = new Int32Array(capacity);
  }

  /** Slides by one slot. Call after each push to the ring. */
  slide(ring: SlotRing): void {
    this.enter(ring.pushed - 1, ring.back(1));
  }

  /** Recounts from the ring, as `RollingWindow.rebuild`. */
  rebuild(ring: SlotRing): void {
    // From the newest back: what beats all newer ones is a candidate, so the deque comes out from its end.
    const { length, sign } = this;
    const slots = ring.from(1, length);
    let candidates = 0;
    // MISSING is the least of all integers, so of the maximum it never is a candidate.
    let best = sign === 1 ? MISSING : -MISSING;
    for (let age = 1; age <= length; age++) {
      const value = slots[age - 1];
      if (sign === 1 ? value <= best : value >= best || value === MISSING) continue;
      best = value;
      candidates++;
      const at = (this.length - candidates) & this.mask;
      this.positions[at] = ring.pushed - age;
      this.values[at] = value;
    }
    this.head = (this.length - candidates) & this.mask;
    this.size = candidates;
  }

  private enter(position: number, value: number): void {
    if (this.size > 0 && this.positions[this.head] <= position - this.length) {
      this.head = (this.head + 1) & this.mask;
      this.size--;
    }
    if (value === MISSING) return;
    const signed = value * this.sign;
    while (this.size > 0) {
      const last = (this.head + this.size - 1) & this.mask;
      if (this.values[last] * this.sign > signed) break;
      this.size--;
    }
    const tail = (this.head + this.size) & this.mask;
    this.positions[tail] = position;
    this.values[tail] = value;
    this.size++;
  }

  /** In robust deviations; NaN without values. */
  value(): number {
    return this.size === 0 ? Number.NaN : this.values[this.head] / UNITS_PER_DEVIATION;
  }
}

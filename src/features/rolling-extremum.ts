import { MISSING, UNITS_PER_DEVIATION } from "./quantise.js";
import type { SlotRing } from "./slot-ring.js";

/** Candidates of an ordinary day of noise. */
const FIRST_ROOM = 32;
const roomFor = (count: number) => 2 ** Math.ceil(Math.log2(count));
/** For recounting; one series after the other does. */
let scratch = { positions: new Int32Array(0), values: new Int32Array(0) };

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
  /** The deque wraps at a power of two, so that `&` does it (see slot-ring.ts). Candidates are mostly few, so it begins small. */
  private mask: number;
  private positions: Int32Array;
  private values: Int32Array;
  private head = 0;
  private size = 0;

  constructor(length: number, which: "min" | "max") {
    this.length = length;
    this.sign = which === "max" ? 1 : -1;
    const capacity = Math.min(FIRST_ROOM, roomFor(length + 1));
    this.mask = capacity - 1;
    this.positions = new Int32Array(capacity);
    this.values = new Int32Array(capacity);
  }

  /** Slides by one slot. Call after each push to the ring. */
  slide(ring: SlotRing): void {
    this.enter(ring.pushed - 1, ring.back(1));
  }

  /**
   * Recounts extrema of one kind, as `RollingWindow.rebuildAll`, in one pass: the candidates of a shorter window are the newest
   * ones of the longest.
   *
   * @param extrema shortest first. @param slots the newest, newest first, as many as the longest window has.
   * @param pushed values in all: one more than the newest slot's position.
   */
  static rebuildAll(extrema: readonly RollingExtremum[], slots: Int32Array, pushed: number): void {
    const { length, sign } = extrema[extrema.length - 1];
    if (scratch.positions.length < length) {
      scratch = { positions: new Int32Array(length), values: new Int32Array(length) };
    }
    const { positions, values } = scratch;
    let candidates = 0;
    // MISSING is the least of all integers, so of the maximum it never is a candidate.
    let best = sign === 1 ? MISSING : -MISSING;
    let age = 1;
    for (const extremum of extrema) {
      // From the newest back: what beats all newer ones is a candidate, so the deque comes out from its end.
      for (const end = extremum.length; age <= end; age++) {
        const value = slots[age - 1];
        if (sign === 1 ? value <= best : value >= best || value === MISSING) continue;
        best = value;
        positions[candidates] = pushed - age;
        values[candidates] = value;
        candidates++;
      }
      extremum.take(positions, values, candidates);
    }
  }

  /** Takes candidates, newest first. */
  private take(positions: Int32Array, values: Int32Array, count: number): void {
    if (count > this.mask) {
      const capacity = roomFor(count + 1);
      this.mask = capacity - 1;
      this.positions = new Int32Array(capacity);
      this.values = new Int32Array(capacity);
    }
    this.head = 0;
    this.size = count;
    for (let i = 0; i < count; i++) {
      this.positions[i] = positions[count - 1 - i];
      this.values[i] = values[count - 1 - i];
    }
  }

  private grow(): void {
    const { positions, values, mask, head, size } = this;
    const capacity = 2 * (mask + 1);
    this.positions = new Int32Array(capacity);
    this.values = new Int32Array(capacity);
    for (let i = 0; i < size; i++) {
      this.positions[i] = positions[(head + i) & mask];
      this.values[i] = values[(head + i) & mask];
    }
    this.mask = capacity - 1;
    this.head = 0;
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
    if (this.size > this.mask) this.grow();
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

import { MISSING } from "./quantise.js";

/** For one ring after the other: thousands of them stay in memory where series are watched by one process. */
let scratch = new Int32Array(0);

/** The newest `capacity` quantised values of a series; older ones are overwritten, unseen ones are MISSING. */
export class SlotRing {
  readonly capacity: number;
  private readonly slots: Int32Array;
  /** Where the next value goes. Positions wrap by a comparison: a division would take ten times as long. */
  private next = 0;
  /** How many values were pushed in all; the newest has position `pushed - 1`. */
  pushed = 0;

  constructor(capacity: number) {
    this.capacity = capacity;
    this.slots = new Int32Array(Math.max(1, capacity)).fill(MISSING);
  }

  push(value: number): void {
    this.slots[this.next] = value;
    this.next = this.next + 1 === this.slots.length ? 0 : this.next + 1;
    this.pushed++;
  }

  /** The value `age` slots back: 1 is the newest. MISSING beyond what was pushed or kept. */
  back(age: number): number {
    if (age > this.capacity) return MISSING;
    const at = this.next - age;
    return this.slots[at < 0 ? at + this.slots.length : at];
  }

  /** `count` values from `age` slots back on, newest first; good until this is called again, for any ring. For who looks at many at once. */
  from(age: number, count: number): Int32Array {
    if (scratch.length < count) scratch = new Int32Array(count);
    const { slots, capacity } = this;
    const kept = Math.max(0, Math.min(count, capacity - age + 1));
    let at = this.next - age;
    if (at < 0) at += slots.length;
    for (let i = 0; i < kept; i++) {
      scratch[i] = slots[at];
      at = at === 0 ? slots.length - 1 : at - 1;
    }
    scratch.fill(MISSING, kept, count);
    return scratch;
  }

  /** Writes the slots in age order (oldest first) and returns the next free offset of `into`. */
  save(into: Float64Array, offset: number): number {
    for (let age = this.capacity; age >= 1; age--) into[offset++] = this.back(age);
    return offset;
  }

  /** The inverse of `save`: afterwards the ring behaves as the saved one did. */
  restore(from: Float64Array, offset: number): number {
    const { slots, capacity } = this;
    // A plain loop: set() between arrays of different kinds takes three times as long.
    for (let i = 0; i < capacity; i++) slots[i] = from[offset + i];
    this.next = 0;
    this.pushed = capacity;
    return offset + capacity;
  }
}

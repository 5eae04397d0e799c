import { MISSING } from "./quantise.js";

/** The newest `capacity` quantised values of a series; older ones are overwritten, unseen ones are MISSING. */
export class SlotRing {
  readonly capacity: number;
  private readonly slots: Int32Array;
  /** The slots are a power of two, so that a position is brought into them by `&`: a division would take ten times as long. */
  private readonly mask: number;
  private scratch = new Int32Array(0);
  /** How many values were pushed in all; the newest has position `pushed - 1`. */
  pushed = 0;

  constructor(capacity: number) {
    this.capacity = capacity;
    const length = 2 ** Math.ceil(Math.log2(Math.max(1, capacity)));
    this.slots = new Int32Array(length).fill(MISSING);
    this.mask = length - 1;
  }

  push(value: number): void {
    this.slots[this.pushed & this.mask] = value;
    this.pushed++;
  }

  /** The value `age` slots back: 1 is the newest. MISSING beyond what was pushed or kept. */
  back(age: number): number {
    // Before the first value was pushed a position is negative and lands on a slot that still is MISSING.
    return age > this.capacity ? MISSING : this.slots[(this.pushed - age) & this.mask];
  }

  /** `count` values from `age` slots back on, newest first; good until it is called again. For who looks at many at once. */
  from(age: number, count: number): Int32Array {
    if (this.scratch.length < count) this.scratch = new Int32Array(count);
    const { slots, mask, capacity, pushed, scratch } = this;
    const kept = Math.max(0, Math.min(count, capacity - age + 1));
    for (let i = 0; i < kept; i++) scratch[i] = slots[(pushed - age - i) & mask];
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
    // What lies behind them is not looked at before it is pushed.
    this.pushed = capacity;
    return offset + capacity;
  }
}

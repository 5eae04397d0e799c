import { MISSING } from "./quantise.js";

/** The newest `capacity` quantised values of a series; older ones are overwritten, unseen ones are MISSING. */
export class SlotRing {
  readonly capacity: number;
  private readonly slots: Int32Array;
  /** How many values were pushed in all; the newest has position `pushed - 1`. */
  pushed = 0;

  constructor(capacity: number) {
    this.capacity = capacity;
    this.slots = new Int32Array(capacity).fill(MISSING);
  }

  push(value: number): void {
    this.slots[this.pushed % this.capacity] = value;
    this.pushed++;
  }

  /** The value `age` slots back: 1 is the newest. MISSING beyond what was pushed or kept. */
  back(age: number): number {
    const position = this.pushed - age;
    return position < 0 || age > this.capacity ? MISSING : this.slots[position % this.capacity];
  }

  /** Writes the slots in age order (oldest first) and returns the next free offset of `into`. */
  save(into: Float64Array, offset: number): number {
    for (let age = this.capacity; age >= 1; age--) into[offset++] = this.back(age);
    return offset;
  }

  /** The inverse of `save`: afterwards the ring behaves as the saved one did. */
  restore(from: Float64Array, offset: number): number {
    this.pushed = 0;
    for (let i = 0; i < this.capacity; i++) this.push(from[offset++]);
    return offset;
  }
}

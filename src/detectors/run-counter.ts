/**
 * Lengths of the runs that a series is in: missing slots, equal values, zeros. A gap does not end a run of values.
 *
 * A series begins with its first value, and begins again with the first value after a gap of `newLifeSlots`: what was before
 * is too long ago to expect anything from.
 */
export class RunCounter {
  gap = 0;
  equal = 0;
  zero = 0;
  /** Slots since the series began, this one included; 0 before. */
  age = 0;
  private last = Number.NaN;

  readonly stateLength = 5;
  private readonly newLifeSlots: number;

  constructor(newLifeSlots: number) {
    this.newLifeSlots = newLifeSlots;
  }

  push(value: number): void {
    if (this.age > 0) this.age++;
    if (value !== value) {
      this.gap++;
      return;
    }
    if (this.age === 0 || this.gap >= this.newLifeSlots) this.age = 1;
    this.gap = 0;
    this.zero = value === 0 ? this.zero + 1 : 0;
    this.equal = value === this.last ? this.equal + 1 : 1;
    this.last = value;
  }

  /** A slot from which nothing is learned: no run grows or ends. */
  pass(): void {
    if (this.age > 0) this.age++;
  }

  /** Returns the next free offset of `into`. */
  save(into: Float64Array, offset: number): number {
    into.set([this.gap, this.equal, this.zero, this.age, this.last], offset);
    return offset + this.stateLength;
  }

  restore(from: Float64Array, offset: number): number {
    [this.gap, this.equal, this.zero, this.age, this.last] = from.subarray(offset, offset + this.stateLength);
    return offset + this.stateLength;
  }
}

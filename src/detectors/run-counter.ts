/** Lengths of the runs that a series is in: missing slots, equal values, zeros. A gap does not end a run of values. */
export class RunCounter {
  gap = 0;
  equal = 0;
  zero = 0;
  /** Values seen in all. */
  seen = 0;
  private last = Number.NaN;

  readonly stateLength = 5;

  push(value: number): void {
    if (value !== value) {
      this.gap++;
      return;
    }
    this.gap = 0;
    this.seen++;
    this.zero = value === 0 ? this.zero + 1 : 0;
    this.equal = value === this.last ? this.equal + 1 : 1;
    this.last = value;
  }

  /** Returns the next free offset of `into`. */
  save(into: Float64Array, offset: number): number {
    into.set([this.gap, this.equal, this.zero, this.seen, this.last], offset);
    return offset + this.stateLength;
  }

  restore(from: Float64Array, offset: number): number {
    [this.gap, this.equal, this.zero, this.seen, this.last] = from.subarray(offset, offset + this.stateLength);
    return offset + this.stateLength;
  }
}

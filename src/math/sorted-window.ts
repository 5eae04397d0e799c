/**
 * The median of the newest values, kept in order: a ring of what came, and the same values sorted. A push moves at most
 * as many numbers as the window holds, which for windows of up to a few hundred slots beats any tree.
 */
export class SortedWindow {
  private readonly ring: Float64Array;
  private readonly sorted: Float64Array;
  private count = 0;
  private at = 0;

  constructor(slots: number) {
    this.ring = new Float64Array(slots).fill(Number.NaN);
    this.sorted = new Float64Array(slots + 1);
  }

  /** NaN takes a place in the window but none in the median. */
  push(value: number): void {
    const leaving = this.ring[this.at];
    this.ring[this.at] = value;
    this.at = this.at + 1 === this.ring.length ? 0 : this.at + 1;
    if (leaving === leaving) {
      this.sorted.copyWithin(this.placeOf(leaving), this.placeOf(leaving) + 1, this.count);
      this.count--;
    }
    if (value === value) this.insert(value);
  }

  /** NaN below two values. */
  median(): number {
    const half = this.count >> 1;
    if (this.count < 2) return Number.NaN;
    return this.count & 1 ? this.sorted[half] : (this.sorted[half - 1] + this.sorted[half]) / 2;
  }

  get stateLength(): number {
    return this.ring.length + 1;
  }

  save(into: Float64Array, offset: number): number {
    into[offset] = this.at;
    into.set(this.ring, offset + 1);
    return offset + this.stateLength;
  }

  restore(from: Float64Array, offset: number): number {
    this.at = from[offset];
    this.ring.set(from.subarray(offset + 1, offset + this.stateLength));
    this.count = 0;
    for (const value of this.ring) if (value === value) this.insert(value);
    return offset + this.stateLength;
  }

  private insert(value: number): void {
    const place = this.placeOf(value);
    this.sorted.copyWithin(place + 1, place, this.count);
    this.sorted[place] = value;
    this.count++;
  }

  /** First place whose value is not below. */
  private placeOf(value: number): number {
    let low = 0;
    let high = this.count;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (this.sorted[middle] < value) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}

import type { StateCursor } from "./state-cursor.js";

/** Up to so few numbers a loop moves faster than a call. */
const FEW = 32;

/**
 * The median of the newest values, kept in order: a ring of what came, and the same values sorted. A push moves the values between
 * the places of the one that leaves and the one that enters, which for windows of up to a few hundred slots beats any tree.
 */
export class SortedWindow {
  private readonly ring: Float64Array;
  private readonly sorted: Float64Array;
  private count = 0;
  private at = 0;

  constructor(slots: number) {
    this.ring = new Float64Array(slots).fill(Number.NaN);
    this.sorted = new Float64Array(slots);
  }

  /** NaN takes a place in the window but none in the median. */
  push(value: number): void {
    const { ring, at } = this;
    const leaving = ring[at];
    // Sorting after a restore would put −0 before 0.
    const entering = value + 0;
    ring[at] = entering;
    this.at = at + 1 === ring.length ? 0 : at + 1;
    if (leaving === entering) return;
    // A place is free where the value left, or behind the last one; a value that is missing leaves its place there.
    const free = leaving === leaving ? this.placeOf(leaving) : this.append();
    if (entering === entering) this.fill(free, entering);
    else this.move(free + 1, this.count--, free);
  }

  /** Makes a free place that is in order behind all values. */
  private append(): number {
    this.sorted[this.count] = Number.POSITIVE_INFINITY;
    return this.count++;
  }

  /** Puts a value where it belongs, and the free place with it. What lies between moves by one. */
  private fill(free: number, value: number): void {
    const { sorted, count } = this;
    if (count > FEW) {
      const place = this.placeOf(value);
      if (place > free) this.move(free + 1, place, free);
      else this.move(place, free, place + 1);
      sorted[place > free ? place - 1 : place] = value;
      return;
    }
    // Of so few it is found sooner on the way than by a search.
    let at = free;
    for (; at + 1 < count && sorted[at + 1] < value; at++) sorted[at] = sorted[at + 1];
    for (; at > 0 && sorted[at - 1] > value; at--) sorted[at] = sorted[at - 1];
    sorted[at] = value;
  }

  /** As `copyWithin`, which takes longer than the copy where few values move. */
  private move(from: number, until: number, to: number): void {
    const { sorted } = this;
    if (until - from > FEW) sorted.copyWithin(to, from, until);
    else if (to < from) for (let i = from; i < until; i++) sorted[i - 1] = sorted[i];
    else for (let i = until; i > from; i--) sorted[i] = sorted[i - 1];
  }

  /** NaN below two values. */
  median(): number {
    const half = this.count >> 1;
    if (this.count < 2) return Number.NaN;
    return this.count & 1 ? this.sorted[half] : (this.sorted[half - 1] + this.sorted[half]) / 2;
  }

  /** Quantile `q` (0–1) in straight lines between values, as numpy's default; NaN below two values. */
  quantile(q: number): number {
    if (this.count < 2) return Number.NaN;
    const place = q * (this.count - 1);
    const left = Math.min(this.count - 2, Math.floor(place));
    return this.sorted[left] + (place - left) * (this.sorted[left + 1] - this.sorted[left]);
  }

  /** The median absolute deviation from the median; NaN below two values. */
  medianDeviation(): number {
    return this.medianDeviationFrom(this.median());
  }

  /**
   * The median absolute deviation from `middle`; NaN below two values. The distances rise on both sides of it, so the two sides are merged from
   * there up to the middle one.
   */
  medianDeviationFrom(middle: number): number {
    const { sorted, count } = this;
    if (count < 2) return Number.NaN;
    let above = this.placeOf(middle);
    let below = above - 1;
    let last = 0;
    let before = 0;
    for (let taken = 0; taken <= count >> 1; taken++) {
      const down = below >= 0 ? middle - sorted[below] : Number.POSITIVE_INFINITY;
      const up = above < count ? sorted[above] - middle : Number.POSITIVE_INFINITY;
      before = last;
      if (down <= up) {
        last = down;
        below--;
      } else {
        last = up;
        above++;
      }
    }
    return count & 1 ? last : (before + last) / 2;
  }

  walk(state: StateCursor): void {
    this.at = state.number(this.at);
    state.array(this.ring);
    if (state.isRestoring) this.sort();
  }

  private sort(): void {
    this.count = 0;
    for (const value of this.ring) if (value === value) this.sorted[this.count++] = value;
    this.sorted.subarray(0, this.count).sort();
  }

  /**
   * First place whose value is not below. Each halving moves by a sum and not by a branch, which would be foreseen wrongly half of the
   * time.
   */
  private placeOf(value: number): number {
    const { sorted } = this;
    let low = 0;
    let length = this.count;
    while (length > 1) {
      const half = length >> 1;
      low += sorted[low + half - 1] < value ? half : 0;
      length -= half;
    }
    return length === 1 && sorted[low] < value ? low + 1 : low;
  }
}

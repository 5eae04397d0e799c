/** Sixteenths of an octave: a bin is 4.4 % wide, far finer than a scale or a tail is known. */
const BINS_AN_OCTAVE = 16;
/** 64 octaves around 1; what is smaller or larger falls in the outermost bins. */
const BINS = 1024;
const MISSING = -1;

/**
 * A quantile of the sizes of the newest values, from a histogram of their logarithms: constant time a push and exact
 * counts, so nothing drifts. Read again once in `refreshEvery` pushes, because it moves slowly.
 */
export class TrailingQuantile {
  /** NaN until `least` values were seen. */
  value = Number.NaN;
  private readonly counts = new Int32Array(BINS);
  private readonly ring: Int16Array;
  private readonly least: number;
  private readonly quantile: number;
  private readonly refreshEvery: number;
  private count = 0;
  private at = 0;
  private sinceRefresh = 0;
  /** The bin that was read last, and how many entries lie below it: the next one is near. */
  private bin = 0;
  private below = 0;

  private readonly lowestBin: number;

  /** @param smallest no size below this is ever pushed: a state counts bins from there, so that they fit in bytes. */
  constructor(slots: number, quantile: number, least: number, refreshEvery: number, smallest = 0) {
    this.lowestBin = binOf(smallest);
    this.ring = new Int16Array(slots).fill(MISSING);
    this.quantile = quantile;
    this.least = least;
    this.refreshEvery = refreshEvery;
  }

  /** NaN takes a place and counts for nothing; the sign is ignored. */
  push(value: number): void {
    this.pushBin(binOf(value));
  }

  /** As `push`, for a value whose bin is known already. */
  pushBin(entering: number): void {
    const leaving = this.ring[this.at];
    if (leaving !== MISSING) this.change(leaving, -1);
    if (entering !== MISSING) this.change(entering, 1);
    this.ring[this.at] = entering;
    this.at = this.at + 1 === this.ring.length ? 0 : this.at + 1;
    if (++this.sinceRefresh >= this.refreshEvery) {
      this.sinceRefresh = 0;
      if (this.count >= this.least) this.value = this.read();
    }
  }

  private change(bin: number, by: 1 | -1): void {
    this.counts[bin] += by;
    this.count += by;
    if (bin < this.bin) this.below += by;
  }

  /** The first bin with more than `rank` entries up to it. */
  private read(): number {
    const rank = this.quantile * (this.count - 1);
    while (this.below > rank) this.below -= this.counts[--this.bin];
    while (this.below + this.counts[this.bin] <= rank) this.below += this.counts[this.bin++];
    return middleOf(this.bin);
  }

  get stateLength(): number {
    return this.ring.length + 2;
  }

  /** Bins, the oldest first: a state does not depend on where the ring stands. */
  save(into: Float64Array, offset: number): number {
    const saved = (bin: number) => (bin === MISSING ? MISSING : bin - this.lowestBin);
    into[offset] = saved(binOf(this.value));
    into[offset + 1] = this.sinceRefresh;
    const { ring, at } = this;
    const older = ring.length - at;
    for (let i = 0; i < ring.length; i++) into[offset + 2 + i] = saved(ring[i < older ? at + i : i - older]);
    return offset + this.stateLength;
  }

  restore(from: Float64Array, offset: number): number {
    const bin = (saved: number) => (saved === MISSING ? MISSING : saved + this.lowestBin);
    this.value = middleOf(bin(from[offset]));
    this.sinceRefresh = from[offset + 1];
    this.at = 0;
    this.counts.fill(0);
    this.count = 0;
    this.bin = 0;
    this.below = 0;
    for (let i = 0; i < this.ring.length; i++) {
      this.ring[i] = bin(from[offset + 2 + i]);
      if (this.ring[i] !== MISSING) this.change(this.ring[i], 1);
    }
    return offset + this.stateLength;
  }
}

/** The bin of a value's size; -1 for NaN. */
export function binOf(value: number): number {
  if (value !== value) return MISSING;
  if (value === 0) return 0;
  const size = Math.abs(value);
  const bin = Math.round(Math.log2(size) * BINS_AN_OCTAVE) + BINS / 2;
  return bin < 1 ? 1 : Math.min(bin, BINS - 1);
}

/** A size of the bin; NaN for -1. Its own bin is the same one, so a state of bins is exact. */
export function middleOf(bin: number): number {
  return bin === MISSING ? Number.NaN : SIZES[bin];
}

/** The size in the middle of each bin; powers are dear. */
const SIZES = Float64Array.from({ length: BINS }, (_, bin) =>
  bin === 0 ? 0 : 2 ** ((bin - BINS / 2) / BINS_AN_OCTAVE),
);

/** Sixteenths of an octave: a bin is 4.4 % wide, far finer than a scale or a tail is known. */
const BINS_AN_OCTAVE = 16;
/** 64 octaves around 1; what is smaller or larger falls in the outermost bins. */
const BINS = 1024;
const MISSING = -1;

/**
 * A quantile of the sizes of the newest values, from a histogram of their logarithms: constant time a push and exact
 * counts, so nothing drifts. Read anew once in `refreshEvery` pushes, because it moves slowly.
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

  constructor(slots: number, quantile: number, least: number, refreshEvery: number) {
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
    return sizeOf(this.bin);
  }

  get stateLength(): number {
    return this.ring.length + 3;
  }

  save(into: Float64Array, offset: number): number {
    into.set([this.value, this.at, this.sinceRefresh], offset);
    into.set(this.ring, offset + 3);
    return offset + this.stateLength;
  }

  restore(from: Float64Array, offset: number): number {
    [this.value, this.at, this.sinceRefresh] = from.subarray(offset, offset + 3);
    this.ring.set(from.subarray(offset + 3, offset + this.stateLength));
    this.counts.fill(0);
    this.count = 0;
    this.bin = 0;
    this.below = 0;
    for (const bin of this.ring) if (bin !== MISSING) this.change(bin, 1);
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

function sizeOf(bin: number): number {
  return bin === 0 ? 0 : 2 ** ((bin - BINS / 2) / BINS_AN_OCTAVE);
}

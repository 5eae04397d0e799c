/** Quarters of an octave; the place inside a bin is interpolated, so that a quantile is known to a few per cent. */
const BINS_AN_OCTAVE = 4;
/** 64 octaves on either side of 1; what is smaller or larger falls in the outermost bins. Bin 0 is zero itself. */
const HALF = 64 * BINS_AN_OCTAVE;
const BINS = 2 * HALF + 1;
/** Weights grow instead of all counts shrinking at each push; past this they are brought back to 1. */
const LARGEST_WEIGHT = 1e100;

/**
 * How large something has been, fading: the largest so far and what the largest few per cent reached. An entry counts half
 * after `halfLife` pushes, and the largest shrinks at the same pace: what was never seen again is news again some day.
 */
export class SizeMemory {
  /** The largest size so far, faded; 0 at first. */
  largest = 0;
  /** Entries so far. */
  seen = 0;
  private weight = 1;
  private total = 0;
  private readonly counts = new Float64Array(BINS);
  private readonly keep: number;

  /** @param halfLife pushes after which an entry counts half. */
  constructor(halfLife: number) {
    this.keep = 0.5 ** (1 / halfLife);
  }

  /** @param size at least 0. */
  push(size: number): void {
    this.largest = Math.max(this.largest * this.keep, size);
    this.seen++;
    this.weight /= this.keep;
    this.counts[binOf(size)] += this.weight;
    this.total += this.weight;
    if (this.weight > LARGEST_WEIGHT) this.rescale();
  }

  /** The size that `share` (0–1) of all entries reach; 0 where fewer are above 0. */
  reachedBy(share: number): number {
    let left = share * this.total;
    for (let bin = BINS - 1; bin > 0; bin--) {
      // What is left may be a rounding error below nothing; an empty bin answers for none of it.
      if (this.counts[bin] > 0 && this.counts[bin] >= left)
        return 2 ** ((bin + 1 - left / this.counts[bin] - HALF) / BINS_AN_OCTAVE);
      left -= this.counts[bin];
    }
    return 0;
  }

  readonly stateLength = 4 + BINS;

  save(into: Float64Array, offset: number): number {
    into.set([this.largest, this.seen, this.weight, this.total], offset);
    into.set(this.counts, offset + 4);
    return offset + this.stateLength;
  }

  restore(from: Float64Array, offset: number): number {
    [this.largest, this.seen, this.weight, this.total] = from.subarray(offset, offset + 4);
    this.counts.set(from.subarray(offset + 4, offset + this.stateLength));
    return offset + this.stateLength;
  }

  private rescale(): void {
    for (let bin = 0; bin < BINS; bin++) this.counts[bin] /= this.weight;
    this.total /= this.weight;
    this.weight = 1;
  }
}

function binOf(size: number): number {
  if (!(size > 0)) return 0;
  return Math.min(BINS - 1, Math.max(1, Math.floor(Math.log2(size) * BINS_AN_OCTAVE) + HALF));
}

import type { StateCursor } from "../../math/state-cursor.js";

/** Sixteenths of an octave: a bin is 4.4 % wide, far finer than a scale or a tail is known. */
const BINS_AN_OCTAVE = 16;
/** 96 octaves around 1; what is smaller or larger falls in the outermost bins. */
const BINS = 1536;
const MISSING = -1;
/** In a ring, whose other entries are bins from the lowest one on, beginning with 1. */
const GAP = 0;
/** Codes up to here fit in bytes. */
const MOST_BYTE = 255;

/** Sizes that a window is given. */
export interface Range {
  readonly smallest: number;
  readonly largest: number;
}
const EVERY_SIZE: Range = { smallest: 0, largest: Number.POSITIVE_INFINITY };

/**
 * A quantile of the sizes of the newest values, from a histogram of their logarithms: constant time a push and exact
 * counts, so nothing drifts. Read again once in `refreshEvery` pushes, because it moves slowly.
 */
export class TrailingQuantile {
  /** NaN until `least` values were seen. */
  value = Number.NaN;
  private readonly counts = new Int32Array(BINS);
  private readonly ring: Uint8Array | Int16Array;
  private readonly least: number;
  private readonly quantile: number;
  private readonly refreshEvery: number;
  private count = 0;
  private at = 0;
  private sinceRefresh = 0;
  /** Whether `counts` are those of the ring. */
  private isCounted = true;
  /** The bin that was read last, and how many entries lie below it: the next one is near. */
  private bin = 0;
  private below = 0;

  private readonly lowestBin: number;

  /** @param range sizes outside of it are never pushed: a narrow one takes a byte a slot instead of two. */
  constructor(slots: number, quantile: number, least: number, refreshEvery: number, range: Range = EVERY_SIZE) {
    this.lowestBin = binOf(range.smallest);
    const isNarrow = binOf(range.largest) - this.lowestBin < MOST_BYTE;
    this.ring = isNarrow ? new Uint8Array(slots) : new Int16Array(slots);
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
    const { ring, at, lowestBin } = this;
    const leaving = ring[at];
    if (this.isCounted) {
      if (leaving !== GAP) this.change(leaving + lowestBin - 1, -1);
      if (entering !== MISSING) this.change(entering, 1);
    }
    ring[at] = entering === MISSING ? GAP : entering - lowestBin + 1;
    this.at = at + 1 === ring.length ? 0 : at + 1;
    if (++this.sinceRefresh >= this.refreshEvery) {
      this.sinceRefresh = 0;
      if (!this.isCounted) this.countAll();
      if (this.count >= this.least) this.value = this.read();
    }
  }

  /** All sizes so far are this many times as large, to the nearest bin. */
  multiply(times: number): void {
    const { ring, lowestBin } = this;
    const by = Math.round(Math.log2(times) * BINS_AN_OCTAVE);
    const moved = (bin: number) => (bin <= 0 ? bin : Math.max(1, Math.min(BINS - 1, bin + by)));
    for (let i = 0; i < ring.length; i++) if (ring[i] !== GAP) ring[i] = moved(ring[i] + lowestBin - 1) - lowestBin + 1;
    this.value = middleOf(moved(binOf(this.value)));
    this.isCounted = false;
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

  walk(state: StateCursor): void {
    this.value = state.number(this.value);
    this.sinceRefresh = state.number(this.sinceRefresh);
    this.at = state.number(this.at);
    state.array(this.ring);
    // Most slots do not read the quantile again, and counting takes longer than they do.
    if (state.isRestoring) this.isCounted = false;
  }

  private countAll(): void {
    this.isCounted = true;
    this.counts.fill(0);
    this.count = 0;
    this.bin = 0;
    this.below = 0;
    for (let i = 0; i < this.ring.length; i++) {
      const code = this.ring[i];
      if (code === GAP) continue;
      this.counts[code + this.lowestBin - 1]++;
      this.count++;
    }
  }
}

/** The bin of a value's size; -1 for NaN. The same on every machine, which a logarithm need not be. */
export function binOf(value: number): number {
  if (value !== value) return MISSING;
  if (value === 0) return 0;
  DOUBLE[0] = value;
  const high = BITS[HIGH] & 0x7fffffff;
  const part = (high >>> (20 - PART_BITS)) & (PARTS - 1);
  const step = STEPS[part] + ((high & 0xfffff) >= NEXT[part] ? 1 : 0);
  const bin = ((high >>> 20) - 1023) * BINS_AN_OCTAVE + step + BINS / 2;
  return bin < 1 ? 1 : bin < BINS ? bin : BINS - 1;
}

/*
 * A double is 2^(exponent − 1023) · (1 + mantissa / 2^52). The upper half of its bits holds the exponent and the first 20 bits of the
 * mantissa. By the first 6 of these: the sixteenth of an octave that they begin in, and where the next one begins; no more than one
 * does, because a part is a 64th of an octave or 1.5 times that.
 */
const DOUBLE = new Float64Array(1);
const BITS = new Uint32Array(DOUBLE.buffer);
const HIGH = new Uint8Array(Uint32Array.of(1).buffer)[0] === 1 ? 1 : 0;
const PART_BITS = 6;
const PARTS = 2 ** PART_BITS;
const stepOf = (mantissa: number) => Math.round(Math.log2(1 + mantissa) * BINS_AN_OCTAVE);
const STEPS = Uint8Array.from({ length: PARTS }, (_, part) => stepOf(part / PARTS));
const NEXT = Float64Array.from(STEPS, (step) => 2 ** 20 * (2 ** ((step + 0.5) / BINS_AN_OCTAVE) - 1));

/** A size of the bin; NaN for -1. Its own bin is the same one, so a state of bins is exact. */
export function middleOf(bin: number): number {
  return bin === MISSING ? Number.NaN : SIZES[bin];
}

/** The size in the middle of each bin; powers are dear. */
const SIZES = Float64Array.from({ length: BINS }, (_, bin) =>
  bin === 0 ? 0 : 2 ** ((bin - BINS / 2) / BINS_AN_OCTAVE),
);

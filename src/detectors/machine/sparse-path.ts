import type { StateCursor } from "../../math/state-cursor.js";
import { DAY_MS, MINUTE_MS } from "../../time/duration.js";
import { resolutionOf } from "../finite.js";
import { TrailingQuantile } from "./trailing-quantile.js";
import type { Unit } from "./unit.js";

/** Blocks and memory of the path, long enough to have seen some of the rare values. */
const BLOCK_MS = 10 * MINUTE_MS;
const MEMORY_MS = 14 * DAY_MS;
const LEAST_MS = 2 * DAY_MS;
/** Share of one and the same value is counted over about a week. */
const SHARE_MEMORY_MS = 7 * DAY_MS;

/** Where a series counts as sparse, and what is an alarm of one. */
export interface SparseOptions {
  /** A series is sparse once this share of its values is one and the same value. */
  readonly sparseShare: number;
  /** Quantile of 10-minute maxima over 14 days, and how many times it is an alarm. */
  readonly sparseQuantile: number;
  readonly sparseAlarmAt: number;
}

export const DEFAULT_SPARSE: SparseOptions = { sparseShare: 0.6, sparseQuantile: 0.995, sparseAlarmAt: 1.9 };

/**
 * For series that sit at one value and leave it now and then (errors an hour, retries): there is no noise to scale by and no
 * season to compare with, so a value is compared with what the series' own rare values reach.
 */
export class SparsePath {
  private readonly tops: TrailingQuantile;
  private readonly blockSlots: number;
  private readonly memorySlots: number;
  private readonly options: SparseOptions;
  private readonly unit: Unit;
  private share = 0;
  private rest = Number.NaN;
  private last = Number.NaN;
  private slots = 0;
  private seen = 0;
  private blockMaximum = Number.NaN;

  constructor(stepMs: number, options: SparseOptions, unit: Unit) {
    this.unit = unit;
    this.options = options;
    this.blockSlots = Math.max(1, Math.round(BLOCK_MS / stepMs));
    this.memorySlots = Math.max(1, Math.round(SHARE_MEMORY_MS / stepMs));
    const blocks = Math.round(MEMORY_MS / (this.blockSlots * stepMs));
    const least = Math.round(LEAST_MS / (this.blockSlots * stepMs));
    this.tops = new TrailingQuantile(blocks, options.sparseQuantile, least, 1);
  }

  /** Whether the series is sparse by what was seen so far. */
  get isSparse(): boolean {
    return this.share >= this.options.sparseShare;
  }

  /** The value the series rests at. */
  get restingAt(): number {
    return this.rest;
  }

  /** Score of a value, 1 at the threshold; NaN while too little was seen. */
  score(value: number): number {
    return Math.abs(value - this.rest) / this.alarmDistance(value);
  }

  /** Distance from the resting value at which a value is an alarm, in the metric's unit: never less than both are known to. */
  alarmDistance(value: number): number {
    const known = resolutionOf(value === value ? Math.max(Math.abs(value), Math.abs(this.rest)) : this.rest);
    return Math.max(this.tops.value * this.unit.size * this.options.sparseAlarmAt, known);
  }

  push(value: number): void {
    if (value === value) {
      // The resting value is the one that repeats.
      const repeats = value === this.last;
      if (repeats) this.rest = value;
      // A plain mean at first, then one that forgets: a sparse series is known as such from its first day.
      this.seen = Math.min(this.seen + 1, this.memorySlots);
      this.share += ((repeats ? 1 : 0) - this.share) / this.seen;
      this.last = value;
      const distance = Math.abs(value - this.rest);
      if (!(this.blockMaximum >= distance)) this.blockMaximum = distance;
    }
    if (++this.slots % this.blockSlots === 0) {
      this.tops.push(this.blockMaximum / this.unit.size);
      this.blockMaximum = Number.NaN;
    }
  }

  /** @param times the new unit that the old one is. */
  countIn(times: number): void {
    this.tops.multiply(times);
  }

  walk(state: StateCursor): void {
    this.tops.walk(state);
    this.share = state.number(this.share);
    this.rest = state.number(this.rest);
    this.last = state.number(this.last);
    this.slots = state.number(this.slots);
    this.seen = state.number(this.seen);
    this.blockMaximum = state.number(this.blockMaximum);
  }
}

import { TrailingQuantile } from "../detectors/machine/trailing-quantile.js";
import type { StateCursor } from "../math/state-cursor.js";
import { FIT_MS, RESIDUAL_LEAST_MS, RESIDUAL_MS, RESIDUAL_QUANTILE, TOGETHER_MS } from "./limits.js";

/** The slots and blocks of one group. */
export interface Grid {
  readonly stepMs: number;
  readonly blockMs: number;
}

/** What is remembered of one member. Places in its rings are by the clock, so that it does not matter when it came. */
export class Member {
  readonly key: string;
  /** The newest scores, 0 for none; by slot. */
  private readonly scores: Float64Array;
  /** The means of the values' blocks, NaN for none; by block. */
  readonly means: Float64Array;
  /** How far off its relation it was in the newest blocks, over what is usual; 0 for no relation. */
  private readonly offs: Float64Array;
  /** In standard deviations of its value. */
  private readonly usualOff: TrailingQuantile;
  private sum = 0;
  private count = 0;

  constructor(key: string, { stepMs, blockMs }: Grid) {
    this.key = key;
    this.scores = new Float64Array(Math.max(1, Math.round(TOGETHER_MS / stepMs)));
    this.means = new Float64Array(Math.round(FIT_MS / blockMs)).fill(Number.NaN);
    this.offs = new Float64Array(Math.max(1, Math.round(TOGETHER_MS / blockMs)));
    const least = Math.round(RESIDUAL_LEAST_MS / blockMs);
    this.usualOff = new TrailingQuantile(Math.round(RESIDUAL_MS / blockMs), RESIDUAL_QUANTILE, least, 1);
  }

  /** @param slot counted from the epoch. @param value @param score NaN for none. */
  push(slot: number, value: number, score: number): void {
    this.scores[slot % this.scores.length] = score > 0 ? score : 0;
    if (value !== value) return;
    this.sum += value;
    this.count++;
  }

  /** Ends a block. @returns the mean of its values, NaN for none. */
  closeBlock(block: number): number {
    const mean = this.sum / this.count;
    this.means[block % this.means.length] = mean;
    this.sum = 0;
    this.count = 0;
    return mean;
  }

  /** How far off its relation the block was, in standard deviations; NaN where there is no relation. */
  noteOff(block: number, off: number, floor: number): void {
    const usual = this.usualOff.value;
    this.offs[block % this.offs.length] = off === off && usual === usual ? off / Math.max(usual, floor) : 0;
    this.usualOff.push(off);
  }

  /** The largest score of the newest slots. */
  score(): number {
    return largest(this.scores);
  }

  /** How far off its relation it was lately, over what is usual. */
  off(): number {
    return largest(this.offs);
  }

  /** Nothing of it has been seen for as long as anything is remembered. */
  isGone(): boolean {
    return this.count === 0 && this.means.every((mean) => mean !== mean);
  }

  walk(state: StateCursor): void {
    this.sum = state.number(this.sum);
    this.count = state.number(this.count);
    state.array(this.scores);
    state.array(this.means);
    state.array(this.offs);
    this.usualOff.walk(state);
  }
}

function largest(values: Float64Array): number {
  let most = 0;
  for (let i = 0; i < values.length; i++) if (values[i] > most) most = values[i];
  return most;
}

import {
  emptyIsolation,
  growIsolation,
  type IsolationForest,
  type IsolationOptions,
  isolationOf,
} from "../../forest/isolation.js";
import { robustScale } from "../../math/robust-scale.js";
import type { StateCursor } from "../../math/state-cursor.js";
import { HOUR_MS, MINUTE_MS, WEEK_MS } from "../../time/duration.js";
import { cappedScore, resolutionOf } from "../finite.js";
import { HeldBack } from "../machine/held-back.js";
import { type Range, TrailingQuantile } from "../machine/trailing-quantile.js";

/** Remainder, the one before it, mean of the last hour and mean distance from that. */
const DIMENSIONS = 4;
const WINDOW_MS = HOUR_MS;
const LEAST_WINDOW = 3;
/** Rows that are kept, evenly spread over the history, and the fewest that a forest is grown of. */
const MOST_ROWS = 1024;
const LEAST_ROWS = 64;
/** Spreads beyond which a number counts as this far: planes cut the box around the rows, and one wild row would make it empty. */
const FURTHEST = 64;
const BLOCK_MS = 5 * MINUTE_MS;
const TAIL_MS = WEEK_MS;
const TAIL_QUANTILE = 0.99;
const HELD_BACK_SHARE = 0.04;
/** c(n) / depth: at the first cut of a large sample it is 12. */
const ISOLATION_RANGE: Range = { smallest: 2 ** -4, largest: 2 ** 5 };

export interface IsolationLimits {
  /** A slot that is set apart this many times sooner than an average one is an alarm, at the least … */
  readonly least: number;
  /** … and this many times what ordinary slots of the week reach. */
  readonly beyond: number;
}

/** An extended isolation forest over the remainder and its last hour, grown again at fixed clock times of the rows that are kept. */
export class IsolationWatch {
  /** How many times sooner than an average slot the last one is set apart; NaN while that is not known. */
  isolation = Number.NaN;
  /** The isolation that is an alarm. */
  limit = Number.NaN;
  private readonly limits: IsolationLimits;
  private readonly options: IsolationOptions;
  private readonly stepMs: number;
  private readonly everyMs: number;
  private readonly stride: number;
  private readonly blockSlots: number;
  private readonly window: Float64Array;
  private readonly rows = new Float64Array(MOST_ROWS * DIMENSIONS);
  private readonly location = new Float64Array(DIMENSIONS);
  private readonly spread = new Float64Array(DIMENSIONS);
  private readonly forest: IsolationForest;
  private readonly tail: TrailingQuantile;
  private readonly heldBack: HeldBack;
  private readonly raw = new Float64Array(DIMENSIONS);
  private readonly scaled = new Float32Array(DIMENSIONS);
  private slots = 0;
  private kept = 0;
  private blockMaximum = Number.NaN;

  constructor(
    stepMs: number,
    { historyMs, everyMs }: { readonly historyMs: number; readonly everyMs: number },
    limits: IsolationLimits,
    options: IsolationOptions,
  ) {
    this.stepMs = stepMs;
    this.everyMs = everyMs;
    this.limits = limits;
    this.options = options;
    this.stride = Math.max(1, Math.ceil(historyMs / stepMs / MOST_ROWS));
    this.blockSlots = Math.max(1, Math.round(BLOCK_MS / stepMs));
    this.window = new Float64Array(Math.max(LEAST_WINDOW, Math.round(WINDOW_MS / stepMs))).fill(Number.NaN);
    this.forest = emptyIsolation(DIMENSIONS, options);
    const blocks = Math.max(2, Math.round(TAIL_MS / Math.max(BLOCK_MS, stepMs)));
    this.tail = new TrailingQuantile(blocks, TAIL_QUANTILE, Math.round(blocks / 14), 1, ISOLATION_RANGE);
    this.heldBack = new HeldBack(blocks, HELD_BACK_SHARE);
  }

  /** 1 at the threshold; 0 while nothing is known. */
  get score(): number {
    const score = this.isolation / this.limit;
    return score === score ? cappedScore(score) : 0;
  }

  /** @param remainder NaN where it is not known. */
  push(timeMs: number, remainder: number): void {
    const turn = (ms: number) => Math.floor(ms / this.everyMs);
    if (turn(timeMs) !== turn(timeMs - this.stepMs)) this.grow();
    const isKnown = this.describe(remainder);
    this.isolation = this.limit = Number.NaN;
    if (isKnown && this.forest.sample > 0) {
      this.scale(this.raw, 0, this.scaled, 0);
      this.isolation = isolationOf(this.forest, this.scaled);
      this.limit = Math.max(this.limits.least, this.limits.beyond * this.tail.value);
      if (!(this.blockMaximum >= this.isolation)) this.blockMaximum = this.isolation;
    }
  }

  /** @param isAlarm by whatever rule; @param isHeld it is one, and is not to be remembered as ordinary. */
  learn(isAlarm: boolean, isHeld: boolean): void {
    if (isAlarm) this.heldBack.alarm();
    if (++this.slots % this.blockSlots === 0) {
      const isHeldBack = this.heldBack.close();
      this.tail.push(isHeldBack ? Number.NaN : this.blockMaximum);
      this.blockMaximum = Number.NaN;
    }
    if (isHeld || this.slots % this.stride !== 0 || this.raw.some((number) => number !== number)) return;
    this.rows.set(this.raw, (this.kept++ % MOST_ROWS) * DIMENSIONS);
  }

  /** @returns whether all four numbers are known. */
  private describe(remainder: number): boolean {
    const { window, raw } = this;
    const before = window[window.length - 1];
    window.copyWithin(0, 1);
    window[window.length - 1] = remainder;
    let sum = 0;
    let count = 0;
    for (const one of window) {
      if (one !== one) continue;
      sum += one;
      count++;
    }
    const mean = sum / count;
    let distance = 0;
    for (const one of window) if (one === one) distance += Math.abs(one - mean);
    const isFull = 2 * count >= window.length;
    raw[0] = remainder;
    raw[1] = before;
    raw[2] = isFull ? mean : Number.NaN;
    raw[3] = isFull ? distance / count : Number.NaN;
    return raw.every((number) => number === number);
  }

  private grow(): void {
    const count = Math.min(this.kept, MOST_ROWS);
    if (count < LEAST_ROWS) return;
    for (let d = 0; d < DIMENSIONS; d++) {
      const column = Float64Array.from({ length: count }, (_, i) => this.rows[i * DIMENSIONS + d]);
      const { location, spread } = robustScale(column);
      this.location[d] = location;
      this.spread[d] = Math.max(spread, resolutionOf(location));
    }
    const scaled = new Float32Array(count * DIMENSIONS);
    for (let i = 0; i < count; i++) this.scale(this.rows, i * DIMENSIONS, scaled, i * DIMENSIONS);
    growIsolation(scaled, count, this.options, this.forest);
  }

  private scale(from: Float64Array, at: number, into: Float32Array, to: number): void {
    for (let d = 0; d < DIMENSIONS; d++) {
      const size = (from[at + d] - this.location[d]) / this.spread[d];
      into[to + d] = Math.max(-FURTHEST, Math.min(FURTHEST, size));
    }
  }

  walk(state: StateCursor): void {
    this.slots = state.number(this.slots);
    this.kept = state.number(this.kept);
    this.blockMaximum = state.number(this.blockMaximum);
    this.forest.sample = state.number(this.forest.sample);
    state.array(this.window);
    state.array(this.rows);
    state.array(this.location);
    state.array(this.spread);
    state.array(this.forest.normals);
    state.array(this.forest.offsets);
    state.array(this.forest.sizes);
    this.tail.walk(state);
    this.heldBack.walk(state);
  }
}

import type { StateCursor } from "../../math/state-cursor.js";
import { DAY_MS, MINUTE_MS, WEEK_MS } from "../../time/duration.js";
import { type Range, TrailingQuantile } from "../machine/trailing-quantile.js";
import { FuzzyArt } from "./fuzzy-art.js";
import { haar, WINDOW } from "./haar.js";
import type { KnownRange } from "./known-range.js";

/** A block is half an hour of fine steps, but 2 to 6 slots. */
const BLOCK_MS = 30 * MINUTE_MS;
const LEAST_BLOCK = 2;
const MOST_BLOCK = 6;
/** Coefficients and levels. */
const FEATURES = 2 * WINDOW;
const CATEGORIES = 64;
/** Novelty that repeats within this many slots counts only where it is this many times as new. */
const AGAIN_SLOTS = 270;
const AGAIN_TIMES = 1.2;
/** What ordinary windows of four weeks reach: a series whose windows are all a little new is no alarm. */
const TAIL_MS = 4 * WEEK_MS;
const TAIL_QUANTILE = 0.99;
/** Novelty goes from 0 to 1; below a thousandth it is nothing. */
const NOVELTY_RANGE: Range = { smallest: 2 ** -10, largest: 1 };

export interface ShapeLimits {
  /** Least match (0–1) of a window with a category that it belongs to. */
  readonly vigilance: number;
  /** Novelty is an alarm from here on, at the least … */
  readonly least: number;
  /** … and this many times what ordinary windows reach. */
  readonly beyond: number;
}

/**
 * How unlike all windows before a window is: 8 blocks of slots as 8 Haar coefficients, each on its own running range, and 8 levels on the
 * range of the values padded by half of it; matched by fuzzy ART. Looked at once a block.
 */
export class ShapeWatch {
  /** Distance to the nearest category (0–1) of the newest window; NaN while there is none. */
  novelty = Number.NaN;
  /** The novelty that is an alarm. */
  limit = Number.NaN;
  /** novelty / limit, less what was reported a while ago; 0 while there is none. */
  score = 0;
  readonly blockSlots: number;
  private readonly limits: ShapeLimits;
  private readonly art: FuzzyArt;
  private readonly tail: TrailingQuantile;
  private readonly window = new Float64Array(WINDOW).fill(Number.NaN);
  private readonly lowest = new Float64Array(WINDOW).fill(Number.NaN);
  private readonly highest = new Float64Array(WINDOW).fill(Number.NaN);
  private readonly coefficients = new Float64Array(WINDOW);
  private readonly scratch = new Float64Array(WINDOW);
  private readonly input = new Float64Array(FEATURES);
  private slots = 0;
  private sum = 0;
  private count = 0;
  private reported = 0;
  private sinceReport = AGAIN_SLOTS;

  constructor(stepMs: number, limits: ShapeLimits) {
    this.limits = limits;
    this.blockSlots = Math.min(MOST_BLOCK, Math.max(LEAST_BLOCK, Math.round(BLOCK_MS / stepMs)));
    this.art = new FuzzyArt(FEATURES, CATEGORIES, limits.vigilance);
    const blockMs = this.blockSlots * stepMs;
    const blocks = Math.round(TAIL_MS / blockMs);
    this.tail = new TrailingQuantile(blocks, TAIL_QUANTILE, Math.round(DAY_MS / blockMs), 1, NOVELTY_RANGE);
  }

  /** @param range of the values so far. */
  push(value: number, range: KnownRange): void {
    this.sinceReport = Math.min(AGAIN_SLOTS, this.sinceReport + 1);
    if (value === value) {
      const padding = (range.high - range.low) / 2;
      this.sum += Math.min(range.high + padding, Math.max(range.low - padding, value));
      this.count++;
    }
    if (++this.slots % this.blockSlots !== 0) return;
    this.window.copyWithin(0, 1);
    this.window[WINDOW - 1] = 2 * this.count >= this.blockSlots ? this.sum / this.count : Number.NaN;
    this.sum = this.count = 0;
    this.match(range);
  }

  private match(range: KnownRange): void {
    this.novelty = this.limit = Number.NaN;
    this.score = 0;
    if (!this.readFeatures(range)) return;
    this.novelty = 1 - this.art.learn(this.input);
    const tail = this.tail.value;
    this.limit = Math.max(this.limits.least, tail === tail ? this.limits.beyond * tail : 1);
    const score = this.novelty / this.limit;
    if (score >= 1) this.report(score);
    else this.score = score >= 0 ? score : 0;
    this.tail.push(Math.max(NOVELTY_RANGE.smallest, this.novelty));
  }

  private report(score: number): void {
    if (this.sinceReport < AGAIN_SLOTS && score < AGAIN_TIMES * this.reported) return;
    this.score = score;
    this.reported = score;
    this.sinceReport = 0;
  }

  /** @returns whether the window is whole and the series has a range. */
  private readFeatures({ low, high }: KnownRange): boolean {
    const { window, coefficients, input, lowest, highest } = this;
    if (window.some((level) => level !== level) || !(high > low)) return false;
    haar(window, coefficients, this.scratch);
    const span = high - low;
    for (let i = 0; i < WINDOW; i++) {
      const coefficient = coefficients[i];
      if (!(lowest[i] <= coefficient)) lowest[i] = coefficient;
      if (!(highest[i] >= coefficient)) highest[i] = coefficient;
      input[i] = highest[i] > lowest[i] ? (coefficient - lowest[i]) / (highest[i] - lowest[i]) : 0.5;
      input[WINDOW + i] = Math.min(1, Math.max(0, (window[i] - low + span / 2) / (2 * span)));
    }
    return true;
  }

  walk(state: StateCursor): void {
    this.novelty = state.number(this.novelty);
    this.limit = state.number(this.limit);
    this.score = state.number(this.score);
    this.slots = state.number(this.slots);
    this.sum = state.number(this.sum);
    this.count = state.number(this.count);
    this.reported = state.number(this.reported);
    this.sinceReport = state.number(this.sinceReport);
    state.array(this.window);
    state.array(this.lowest);
    state.array(this.highest);
    this.art.walk(state);
    this.tail.walk(state);
  }
}

import { MAD_TO_SIGMA } from "../../math/robust-scale.js";
import { SortedWindow } from "../../math/sorted-window.js";
import type { StateCursor } from "../../math/state-cursor.js";
import type { Forecaster } from "../band/forecaster.js";

/** How fast each part follows, 0 to 1 for each slot; of the season for each turn. */
export interface Smoothing {
  readonly level: number;
  readonly trend: number;
  readonly season: number;
}

/** The usual distance is the MAD of this many of the newest errors. */
const ERRORS = 288;

/**
 * Additive Holt-Winters: level, trend and season by exponential smoothing, in the recurrence form, slot by slot.
 *
 *     expected = level + trend + season[t]
 *     level'   = a · (x − season[t]) + (1 − a) · (level + trend)
 *     trend'   = b · (level' − level) + (1 − b) · trend
 *     season'  = c · (x − level − trend) + (1 − c) · season[t]
 *
 * A slot without a value moves the level by the trend and leaves the rest. The season begins with the first turn, as distances from its mean; until it
 * is over nothing is expected.
 *
 * Source: Winters, "Forecasting sales by exponentially weighted moving averages", Management Science 6 (1960); Hyndman and Athanasopoulos, Forecasting, 8.3.
 */
export class HoltWinters implements Forecaster {
  readonly words = "value against level, trend and season";
  expected = Number.NaN;
  below = Number.NaN;
  above = Number.NaN;
  private readonly smoothing: Smoothing;
  private readonly season: Float64Array;
  private readonly errors = new SortedWindow(ERRORS);
  private level = Number.NaN;
  private trend = 0;
  private slots = 0;

  constructor(seasonSlots: number, smoothing: Smoothing) {
    this.smoothing = smoothing;
    this.season = new Float64Array(Math.max(2, seasonSlots)).fill(Number.NaN);
  }

  look(): void {
    const seasonal = this.slots < this.season.length ? Number.NaN : this.season[this.slots % this.season.length];
    this.expected = this.level + this.trend + seasonal;
    this.below = this.above = this.errors.medianDeviationFrom(0) * MAD_TO_SIGMA;
  }

  learn(_: number, value: number): void {
    const { season, smoothing, level, trend } = this;
    const at = this.slots % season.length;
    if (this.slots < season.length) {
      season[at] = value;
      if (++this.slots === season.length) this.begin();
      return;
    }
    this.slots++;
    if (value !== value || level !== level) {
      this.level = level + trend;
      return;
    }
    if (season[at] === season[at]) {
      this.errors.push(value - (level + trend + season[at]));
      this.level = smoothing.level * (value - season[at]) + (1 - smoothing.level) * (level + trend);
      this.trend = smoothing.trend * (this.level - level) + (1 - smoothing.trend) * trend;
      season[at] = smoothing.season * (value - level - trend) + (1 - smoothing.season) * season[at];
    } else season[at] = value - level - trend;
  }

  /** The first turn is over: its mean is the level, and the distances from it are the season. A turn without values is waited for again. */
  private begin(): void {
    let sum = 0;
    let count = 0;
    for (const value of this.season) {
      if (value !== value) continue;
      sum += value;
      count++;
    }
    if (count === 0) {
      this.slots = 0;
      return;
    }
    this.level = sum / count;
    for (let i = 0; i < this.season.length; i++) this.season[i] -= this.level;
  }

  walk(state: StateCursor): void {
    this.level = state.number(this.level);
    this.trend = state.number(this.trend);
    this.slots = state.number(this.slots);
    state.array(this.season);
    this.errors.walk(state);
  }
}

import { type BoostingOptions, emptyBoosted, growBoosted, predictBoosted } from "../../forest/boosting.js";
import { MAD_TO_SIGMA } from "../../math/robust-scale.js";
import { SortedWindow } from "../../math/sorted-window.js";
import type { StateCursor } from "../../math/state-cursor.js";
import { DAY_MS } from "../../time/duration.js";
import type { Forecaster } from "../band/forecaster.js";
import { featureCount, RecentFeatures } from "./recent-features.js";

export interface BoostedOptions {
  readonly historyMs: number;
  readonly everyMs: number;
  readonly lagsMs: readonly number[];
  readonly boosting: BoostingOptions;
}

/** Rows that a fit sees at the most, evenly spread over the history. */
const MOST_ROWS = 4000;
/** The last fifth says when to stop. */
const LATER_SHARE = 0.2;
/** Fewer rows are not fitted. */
const LEAST_ROWS = 200;
/** The usual distance is the MAD of this many of the newest errors, none of which was fitted on. */
const ERRORS = 288;
const LEAST_MS = DAY_MS;

/**
 * Boosted trees over lags, rolling means and the calendar, one slot ahead. They are grown again at fixed clock times (UTC) on the values of the past that are kept, and
 * are part of the state, so that a restored one says the same to the last bit.
 */
export class BoostedForecaster implements Forecaster {
  readonly words = "value against what the trees expect";
  expected = Number.NaN;
  below = Number.NaN;
  above = Number.NaN;
  private readonly options: BoostedOptions;
  private readonly stepMs: number;
  private readonly open: () => RecentFeatures;
  private readonly features: RecentFeatures;
  private readonly boosted: ReturnType<typeof emptyBoosted>;
  private readonly errors = new SortedWindow(ERRORS);
  private isFitted = 0;

  constructor(stepMs: number, timezone: string, options: BoostedOptions) {
    this.options = options;
    this.stepMs = stepMs;
    const longest = Math.max(options.historyMs, ...options.lagsMs.map((lagMs) => lagMs + 2 * stepMs));
    const slots = Math.ceil(longest / stepMs) + 2;
    this.open = () => new RecentFeatures(stepMs, timezone, options.lagsMs, slots);
    this.features = this.open();
    this.boosted = emptyBoosted(options.boosting);
  }

  look(timeMs: number): void {
    const turn = (ms: number) => Math.floor(ms / this.options.everyMs);
    if (turn(timeMs) !== turn(timeMs - this.stepMs)) this.refit(timeMs);
    this.expected = Number.NaN;
    if (this.isFitted === 1) {
      this.features.describe(timeMs);
      this.expected = this.features.anchor + predictBoosted(this.boosted, this.features.row);
    }
    this.below = this.above = this.errors.medianDeviationFrom(0) * MAD_TO_SIGMA;
  }

  /** Goes through the past once more and learns from a row in a few. */
  private refit(timeMs: number): void {
    const past = this.features.history();
    const first = Math.round(LEAST_MS / this.stepMs);
    const stride = Math.max(1, Math.ceil((past.length - first) / MOST_ROWS));
    const features = this.open();
    const columns: number[][] = Array.from({ length: featureCount(this.options.lagsMs) }, () => []);
    const targets: number[] = [];
    past.forEach((value, i) => {
      if (i >= first && i % stride === 0 && value === value) {
        features.describe(timeMs - (past.length - i) * this.stepMs);
        if (features.anchor === features.anchor) {
          targets.push(value - features.anchor);
          for (let f = 0; f < columns.length; f++) columns[f].push(features.row[f]);
        }
      }
      features.push(value);
    });
    if (targets.length < LEAST_ROWS) return;
    const from = Math.floor((1 - LATER_SHARE) * targets.length);
    const part = (begin: number, end: number) => ({
      columns: columns.map((column) => Float32Array.from(column.slice(begin, end))),
      targets: Float32Array.from(targets.slice(begin, end)),
    });
    growBoosted(part(0, from), this.options.boosting, this.boosted, part(from, targets.length));
    this.isFitted = 1;
  }

  learn(_: number, value: number): void {
    const error = value - this.expected;
    if (error === error) this.errors.push(error);
    this.features.push(value);
  }

  pass(): void {
    this.features.push(this.expected);
  }

  walk(state: StateCursor): void {
    this.isFitted = state.number(this.isFitted);
    this.features.walk(state);
    this.errors.walk(state);
    this.boosted.base = state.number(this.boosted.base);
    this.boosted.count = state.number(this.boosted.count);
    state.array(this.boosted.feature);
    state.array(this.boosted.threshold);
    state.array(this.boosted.left);
    state.array(this.boosted.missingLeft);
    state.array(this.boosted.value);
  }
}

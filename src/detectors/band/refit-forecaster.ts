import { MAD_TO_SIGMA } from "../../math/robust-scale.js";
import { SortedWindow } from "../../math/sorted-window.js";
import type { StateCursor } from "../../math/state-cursor.js";
import { DAY_MS } from "../../time/duration.js";
import type { Forecaster } from "./forecaster.js";

/** What a method that cannot be updated slot by slot is given: the newest values on their grid, NaN where one is missing. */
export interface RefitHistory {
  readonly startMs: number;
  readonly stepMs: number;
  readonly values: Float64Array;
}

export interface RefitOptions {
  readonly words: string;
  /** Values that are kept, and that a refit sees. */
  readonly historyMs: number;
  /** How often it is refitted; a divisor of a day, or days. */
  readonly everyMs: number;
  /** With less than this of values it is not fitted. */
  readonly leastMs: number;
  /**
   * The expected values of the slots that follow the history, as many as are asked for. Undefined where the method cannot say: the last forecast stays
   * until it is used up.
   */
  readonly fit: (history: RefitHistory, slots: number) => Float64Array | undefined;
}

/** The usual distance is the MAD of this many of the newest forecast errors: they were not fitted on. */
const ERRORS = 288;

/**
 * For methods that cannot be updated slot by slot: keeps a ring of values and refits at fixed clock times, a function of the step and the time only (UTC), so that a run, a
 * replay and a backtest fit on the same values at the same slots and say the same to the last bit. Between two refits the forecast of the last one
 * is read; the errors that it makes, none of which it was fitted on, are the width of the band.
 */
export class RefitForecaster implements Forecaster {
  readonly words: string;
  expected = Number.NaN;
  below = Number.NaN;
  above = Number.NaN;
  private readonly options: RefitOptions;
  private readonly stepMs: number;
  private readonly ring: Float64Array;
  private readonly forecast: Float64Array;
  private readonly errors: SortedWindow;
  private readonly leastSlots: number;
  /** Slots pushed so far; the newest value is at `(pushed - 1) % ring.length`. */
  private pushed = 0;
  private known = 0;
  /** Of the first slot of the forecast. */
  private forecastMs = Number.NaN;

  constructor(stepMs: number, options: RefitOptions) {
    this.words = options.words;
    this.options = options;
    this.stepMs = stepMs;
    this.ring = new Float64Array(Math.max(2, Math.round(options.historyMs / stepMs))).fill(Number.NaN);
    // Two turns long, so that a fit that fails leaves the band where it was for another turn.
    this.forecast = new Float64Array(Math.max(1, Math.ceil((2 * options.everyMs) / stepMs))).fill(Number.NaN);
    this.errors = new SortedWindow(ERRORS);
    this.leastSlots = Math.ceil(options.leastMs / stepMs);
  }

  look(timeMs: number): void {
    if (this.isDue(timeMs)) this.refit(timeMs);
    const at = Math.round((timeMs - this.forecastMs) / this.stepMs);
    this.expected = at >= 0 && at < this.forecast.length ? this.forecast[at] : Number.NaN;
    this.below = this.above = this.errors.medianDeviationFrom(0) * MAD_TO_SIGMA;
  }

  private isDue(timeMs: number): boolean {
    const turn = (ms: number) => Math.floor(ms / this.options.everyMs);
    return turn(timeMs) !== turn(timeMs - this.stepMs) && this.known >= this.leastSlots;
  }

  private refit(timeMs: number): void {
    const { ring, pushed, stepMs } = this;
    const length = Math.min(pushed, ring.length);
    const first = pushed % ring.length;
    const values = new Float64Array(length);
    if (pushed < ring.length) values.set(ring.subarray(0, length));
    else {
      values.set(ring.subarray(first));
      values.set(ring.subarray(0, first), ring.length - first);
    }
    const forecast = this.options.fit({ startMs: timeMs - length * stepMs, stepMs, values }, this.forecast.length);
    if (forecast === undefined) return;
    this.forecast.set(forecast);
    this.forecastMs = timeMs;
  }

  learn(_: number, value: number): void {
    const { ring } = this;
    const at = this.pushed % ring.length;
    if (this.pushed >= ring.length && ring[at] === ring[at]) this.known--;
    if (value === value) this.known++;
    ring[at] = value;
    this.pushed++;
    if (this.expected === this.expected) this.errors.push(value - this.expected);
  }

  walk(state: StateCursor): void {
    this.pushed = state.number(this.pushed);
    this.known = state.number(this.known);
    this.forecastMs = state.number(this.forecastMs);
    state.array(this.ring);
    state.array(this.forecast);
    this.errors.walk(state);
  }
}

/** A day in slots, for seasons; 0 where the step is longer. */
export function daySlots(stepMs: number): number {
  return Math.round(DAY_MS / stepMs);
}

import { MAD_TO_SIGMA } from "../../math/robust-scale.js";
import { SortedWindow } from "../../math/sorted-window.js";
import type { StateCursor } from "../../math/state-cursor.js";
import type { Forecaster } from "./forecaster.js";

/** What a method that cannot be updated slot by slot is given: the newest values on a grid, NaN where one is missing. */
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
   * Finer steps are averaged to this grid before they are fitted, and the forecast runs in straight lines between its points: methods whose time grows
   * with the number of points need not see each minute. A divisor of `everyMs`.
   */
  readonly gridMs: number;
  /** The share (0–1) of the errors that the band holds, half of the rest beyond each edge. 0 or absent: the usual distance is the MAD of them. */
  readonly interval?: number;
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
  /** Slots of a point of the grid. */
  private readonly stride: number;
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
    this.stride = Math.max(1, Math.round(options.gridMs / stepMs));
  }

  look(timeMs: number): void {
    if (this.isDue(timeMs)) this.refit(timeMs);
    const at = Math.round((timeMs - this.forecastMs) / this.stepMs);
    this.expected = at >= 0 && at < this.forecast.length ? this.forecast[at] : Number.NaN;
    const { interval = 0 } = this.options;
    if (interval > 0) {
      // Where all errors are on one side the other edge is the forecast itself.
      this.below = Math.max(0, -this.errors.quantile((1 - interval) / 2));
      this.above = Math.max(0, this.errors.quantile((1 + interval) / 2));
    } else this.below = this.above = this.errors.medianDeviationFrom(0) * MAD_TO_SIGMA;
  }

  private isDue(timeMs: number): boolean {
    const turn = (ms: number) => Math.floor(ms / this.options.everyMs);
    return turn(timeMs) !== turn(timeMs - this.stepMs) && this.known >= this.leastSlots;
  }

  private refit(timeMs: number): void {
    const { stride, stepMs, forecast } = this;
    const values = this.newest();
    const points = Math.ceil(forecast.length / stride) + 1;
    const history = { startMs: timeMs - values.length * stride * stepMs, stepMs: stride * stepMs, values };
    const fitted = this.options.fit(history, points);
    if (fitted === undefined || !fitted.every(Number.isFinite)) return;
    for (let slot = 0; slot < forecast.length; slot++) forecast[slot] = between(fitted, (slot + 0.5) / stride - 0.5);
    this.forecastMs = timeMs;
  }

  /** The values of the ring on the grid, oldest first; whole points only, counted back from the newest slot. */
  private newest(): Float64Array {
    const { ring, pushed, stride } = this;
    const points = Math.floor(Math.min(pushed, ring.length) / stride);
    const values = new Float64Array(points);
    for (let point = 0; point < points; point++) {
      let sum = 0;
      let count = 0;
      for (let back = (points - point) * stride; back > (points - point - 1) * stride; back--) {
        const value = ring[(pushed - back) % ring.length];
        if (value !== value) continue;
        sum += value;
        count++;
      }
      values[point] = sum / count;
    }
    return values;
  }

  learn(_: number, value: number): void {
    const error = value - this.expected;
    if (error === error) this.errors.push(error);
    this.keep(value);
  }

  /** A fit on days of which one is missing is worse than one on what that day should have been. */
  pass(): void {
    this.keep(this.expected);
  }

  private keep(value: number): void {
    const { ring } = this;
    const at = this.pushed % ring.length;
    if (this.pushed >= ring.length && ring[at] === ring[at]) this.known--;
    if (value === value) this.known++;
    ring[at] = value;
    this.pushed++;
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

/** A place between two points; before the first and behind the last the line goes on. */
function between(points: Float64Array, place: number): number {
  const left = Math.max(0, Math.min(points.length - 2, Math.floor(place)));
  return points[left] + (place - left) * (points[left + 1] - points[left]);
}

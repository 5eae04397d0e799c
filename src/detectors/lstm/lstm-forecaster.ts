import type { StateCursor } from "../../math/state-cursor.js";
import { emptyStep, type LstmShape, type LstmStep, stepForward } from "../../network/lstm.js";
import { DAY_MS } from "../../time/duration.js";
import type { Forecaster } from "../band/forecaster.js";
import type { SeriesScale } from "../trained/series-scale.js";
import { UsualError } from "../trained/usual-error.js";
import { CLOCK, scaledValue, writeClock, writeInputs } from "./inputs.js";

/**
 * A trained network, one slot ahead: the newest value and what the network adds to it. Its weights never change here; its cells are part of the state, so that a restored one
 * says the same to the last bit.
 */
export class LstmForecaster implements Forecaster {
  readonly words = "value against what the network expects";
  expected = Number.NaN;
  below = Number.NaN;
  above = Number.NaN;
  private readonly timezone: string;
  private readonly scale: SeriesScale;
  private readonly shape: LstmShape;
  private readonly weights: Float64Array | undefined;
  private readonly step: LstmStep;
  private readonly day: Float32Array;
  private readonly clock = new Float64Array(CLOCK);
  private readonly errors: UsualError;
  private pushed = 0;
  private last = Number.NaN;

  /** @param weights undefined for a series without a network: it expects nothing. */
  constructor(
    stepMs: number,
    timezone: string,
    scale: SeriesScale,
    shape: LstmShape,
    weights: Float64Array | undefined,
  ) {
    this.timezone = timezone;
    this.scale = scale;
    this.errors = new UsualError(scale.error);
    this.shape = shape;
    this.weights = weights;
    this.step = emptyStep(shape);
    this.day = new Float32Array(Math.max(1, Math.round(DAY_MS / stepMs))).fill(Number.NaN);
  }

  look(timeMs: number): void {
    const { weights, step, day, last, scale } = this;
    this.expected = Number.NaN;
    if (weights === undefined || last !== last) return;
    const newest = day[(this.pushed - 1) % day.length];
    writeClock(timeMs, this.timezone, this.clock, 0);
    writeInputs(last, newest !== newest, day[this.pushed % day.length], this.clock, 0, step.x);
    const said = stepForward(this.shape, weights, step, step);
    this.expected = scale.location + scale.spread * (last + said);
    this.below = this.above = this.errors.size;
  }

  learn(_: number, value: number): void {
    this.errors.push(value - this.expected);
    this.keep(value);
  }

  pass(): void {
    this.keep(this.expected);
  }

  private keep(value: number): void {
    const { day, scale } = this;
    const scaled = Math.fround(scaledValue(value, scale.location, scale.spread));
    day[this.pushed++ % day.length] = scaled;
    if (scaled === scaled) this.last = scaled;
  }

  walk(state: StateCursor): void {
    this.pushed = state.number(this.pushed);
    this.last = state.number(this.last);
    state.array(this.day);
    state.array(this.step.cell);
    state.array(this.step.output);
    this.errors.walk(state);
  }
}

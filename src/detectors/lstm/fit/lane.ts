import { emptyStep, type LstmShape, type LstmStep, stepForward } from "../../../network/lstm.js";
import type { StoredSeries } from "../../../shelf/stored-series.js";
import { type Prepared, type Source, valuesOf } from "../../trained/scaled-history.js";
import { CLOCK, scaledValue, writeClock, writeInputs } from "../inputs.js";

/** The clock of each slot of a range, worked out once for all series. */
export interface Clock {
  readonly startMs: number;
  readonly stepMs: number;
  readonly numbers: Float64Array;
}

export function clockOf(startMs: number, stepMs: number, slots: number, timezone: string): Clock {
  const numbers = new Float64Array(slots * CLOCK);
  for (let i = 0; i < slots; i++) writeClock(startMs + i * stepMs, timezone, numbers, i * CLOCK);
  return { startMs, stepMs, numbers };
}

/** A series as a network is trained on it. */
export interface Lane {
  /** Of its first slot, in slots of the clock. */
  readonly first: number;
  /** Scaled; NaN is missing. */
  readonly values: Float32Array;
}

/** The series as a network sees it. */
export function laneOf(source: Source, series: StoredSeries, { isCounter, location, spread }: Prepared): Lane {
  const values = valuesOf(source, series, isCounter);
  return {
    first: Math.round((series.startMs - source.range.startMs) / series.stepMs),
    values: Float32Array.from(values, (value) => scaledValue(value, location, spread)),
  };
}

/** Goes through a lane slot by slot, as the forecaster does. */
export class LaneWalk {
  readonly lane: Lane;
  /** The slot that comes next. */
  at: number;
  /** Newest value before it; NaN while there is none. */
  last = Number.NaN;
  readonly before: LstmStep;
  private readonly clock: Clock;
  private readonly daySlots: number;

  constructor(lane: Lane, clock: Clock, daySlots: number, shape: LstmShape, at: number) {
    this.lane = lane;
    this.clock = clock;
    this.daySlots = daySlots;
    this.before = emptyStep(shape);
    this.at = at;
    for (let i = at - 1; i >= 0 && this.last !== this.last; i--) this.last = lane.values[i];
  }

  /** Value of a day before the next slot; NaN where it is not known. */
  get dayAgo(): number {
    const at = this.at - this.daySlots;
    return at >= 0 ? this.lane.values[at] : Number.NaN;
  }

  /** Goes past a slot without the network. */
  skip(): void {
    const value = this.lane.values[this.at++];
    if (value === value) this.last = value;
  }

  /** Goes one slot forward. @returns what the network says the value adds to the one before; NaN before the first value. */
  forward(shape: LstmShape, weights: Float64Array, from: LstmStep, into: LstmStep): number {
    const { lane, at, last } = this;
    const { dayAgo } = this;
    this.skip();
    if (last !== last) return Number.NaN;
    const previous = at > 0 ? lane.values[at - 1] : Number.NaN;
    writeInputs(last, previous !== previous, dayAgo, this.clock.numbers, (lane.first + at) * CLOCK, into.x);
    return stepForward(shape, weights, from, into);
  }
}

import { type Cause, emptySlot, type FittedDetector } from "../detectors/detector.js";
import type { SeriesProfile } from "../detectors/profile.js";
import { endMs, type Series } from "../series/series.js";

/** A series with what the detector said of each slot; all arrays have one entry a slot of the series. */
export interface Trace {
  readonly series: Series;
  readonly expected: Float64Array;
  readonly lower: Float64Array;
  readonly upper: Float64Array;
  /** NaN while warming up. */
  readonly score: Float64Array;
  readonly cause: readonly Cause[];
}

/**
 * Scores every slot of a series in time order.
 *
 * @param untilMs the series is taken as known up to here: slots it lacks at its end are missing values.
 */
export function traceSeries(detector: FittedDetector, profile: SeriesProfile, series: Series, untilMs: number): Trace {
  const whole = extendTo(series, untilMs);
  const n = whole.values.length;
  const trace = {
    series: whole,
    expected: new Float64Array(n),
    lower: new Float64Array(n),
    upper: new Float64Array(n),
    score: new Float64Array(n),
    cause: new Array<Cause>(n),
  };
  const scorer = detector.open(profile);
  const slot = emptySlot();
  for (let i = 0; i < n; i++) {
    scorer.push(whole.startMs + i * whole.stepMs, whole.values[i], slot);
    trace.expected[i] = slot.expected;
    trace.lower[i] = slot.lower;
    trace.upper[i] = slot.upper;
    trace.score[i] = slot.score;
    trace.cause[i] = slot.cause;
  }
  return trace;
}

/** The series with exactly the slots before `untilMs`; slots beyond its end are NaN. */
export function extendTo(series: Series, untilMs: number): Series {
  const slots = Math.max(0, Math.floor((untilMs - series.startMs) / series.stepMs));
  if (endMs(series) === series.startMs + slots * series.stepMs) return series;
  const values = new Float64Array(slots).fill(Number.NaN);
  values.set(series.values.subarray(0, slots));
  return { ...series, values };
}

import {
  type Cause,
  emptySlot,
  type FittedDetector,
  type SeriesKnowledge,
  type SeriesScorer,
} from "../detectors/detector.js";
import type { Explanation } from "../detectors/explanation.js";
import { endMs, type Series } from "../series/series.js";

/** A series with what the detector said of each slot; all arrays have one entry a slot of the series. */
export interface Trace {
  readonly series: Series;
  readonly expected: Float64Array;
  readonly lower: Float64Array;
  readonly upper: Float64Array;
  /** NaN while warming up. */
  readonly score: Float64Array;
  readonly cause: Cause[];
  /** Why the worst slots so far of each run of alarms have their scores, by slot; those of an earlier run are not known. */
  readonly explained: Map<number, Explanation>;
}

/**
 * Scores every slot of a series in time order.
 *
 * @param untilMs the series is taken as known up to here: slots it lacks at its end are missing values.
 */
export function traceSeries(
  detector: FittedDetector,
  profile: SeriesKnowledge,
  series: Series,
  untilMs: number,
): Trace {
  const trace = emptyTrace(extendTo(series, untilMs));
  traceSlots(trace, detector.open(profile), 0, trace.series.values.length);
  return trace;
}

/** A trace that says nothing yet: every slot is unscored. */
export function emptyTrace(series: Series): Trace {
  const unscored = () => new Float64Array(series.values.length).fill(Number.NaN);
  return {
    series,
    expected: unscored(),
    lower: unscored(),
    upper: unscored(),
    score: unscored(),
    cause: new Array<Cause>(series.values.length).fill("none"),
    explained: new Map(),
  };
}

/** Slots between two pauses: 1 to 25 ms of work, whichever detector does it. */
const PAUSE_SLOTS = 1000;

/** Work that can be paused: whoever drives it may do something else between two steps. */
export type Paused<T> = Generator<void, T, void>;

/** Does work that can be paused without a pause. */
export function runPaused<T>(work: Paused<T>): T {
  for (;;) {
    const { done, value } = work.next();
    if (done) return value;
  }
}

/** As `traceSlots`, with a pause now and then. */
export function* traceSlotsPaused(trace: Trace, scorer: SeriesScorer, from: number, until: number): Paused<void> {
  let at = from;
  for (; at + PAUSE_SLOTS < until; at += PAUSE_SLOTS) {
    traceSlots(trace, scorer, at, at + PAUSE_SLOTS);
    yield;
  }
  traceSlots(trace, scorer, at, until);
}

/** Pushes slots `from … until - 1` to a scorer that has seen those before, and notes what it says of each. */
export function traceSlots(trace: Trace, scorer: SeriesScorer, from: number, until: number): void {
  const { startMs, stepMs, values } = trace.series;
  const slot = emptySlot();
  let worst = 1;
  // Where the slots before are part of the same run of alarms, its worst so far stays the worst.
  for (let i = from - 1; i >= 0 && trace.score[i] >= 1; i--) worst = Math.max(worst, trace.score[i]);
  for (let i = from; i < until; i++) {
    scorer.push(startMs + i * stepMs, values[i], slot);
    if (!(slot.score >= 1)) worst = 1;
    else if (slot.score > worst || !(trace.score[i - 1] >= 1)) {
      // The slot that a record is about is the worst of its episode, and so the worst so far when it was scored.
      worst = slot.score;
      trace.explained.set(i, scorer.explain());
    }
    trace.expected[i] = slot.expected;
    trace.lower[i] = slot.lower;
    trace.upper[i] = slot.upper;
    trace.score[i] = slot.score;
    trace.cause[i] = slot.cause;
  }
}

/** Why slot `at` of a series has its score; the history is looked at again up to there. */
export function explainAt(detector: FittedDetector, profile: SeriesKnowledge, series: Series, at: number): Explanation {
  const scorer = detector.open(profile);
  const slot = emptySlot();
  for (let i = 0; i <= at; i++) scorer.push(series.startMs + i * series.stepMs, series.values[i], slot);
  return scorer.explain();
}

/** The series with exactly the slots before `untilMs`; slots beyond its end are NaN. */
export function extendTo(series: Series, untilMs: number): Series {
  const slots = Math.max(0, Math.floor((untilMs - series.startMs) / series.stepMs));
  if (endMs(series) === series.startMs + slots * series.stepMs) return series;
  const values = new Float64Array(slots).fill(Number.NaN);
  values.set(series.values.subarray(0, slots));
  return { ...series, values };
}

import type { FittedDetector } from "../detectors/detector.js";
import type { Model } from "../detectors/family/learned.js";
import type { SeriesProfile } from "../detectors/family/profile.js";
import type { Threshold } from "../detectors/threshold.js";
import type { Series, TimeRange } from "../series/series.js";

/** Where the threshold lies on the scores of a detector that calibrates each series by itself. */
export interface LearnedThreshold {
  readonly divisor: number;
}

/** What a method has learned from the past: plain data, so that it can be handed to another thread. Null: nothing is needed. */
export type Learned = Model | LearnedThreshold | null;

/** What was learned at a moment, from slots that had ended by then. */
export interface Fit {
  readonly fromMs: number;
  readonly learned: Learned;
}

/** A detector for one series, to be used from a moment on. */
export interface DetectorFrom {
  readonly fromMs: number;
  /** The same one as before continues with its state. */
  readonly detector: FittedDetector;
  readonly profile: SeriesProfile;
  /** What its scores are divided by; 1 leaves its threshold where it is. */
  readonly divisor: number;
}

export interface FitOptions {
  readonly timezone: string;
  readonly seed: number;
  /** Undefined: the method's own default. */
  readonly threshold: Threshold | undefined;
}

/** When to fit, and on what. */
export interface FitSchedule {
  readonly series: readonly Series[];
  /** Rising. What is learned at a time comes from slots that had ended by then. */
  readonly times: readonly number[];
}

/** A way to detect, as a backtest drives it. */
export interface BacktestMethod {
  /** Learns from the past of all series together, again at each time; leaves out times whose past is too little. */
  fits(schedule: FitSchedule, options: FitOptions, onProgress?: (done: number, total: number) => void): Fit[];
  /** The detector of one series, given what was learned and the past of that series; `before` is the one it follows. */
  open(learned: Learned, past: Series, options: FitOptions, before?: DetectorFrom): Omit<DetectorFrom, "fromMs">;
}

/** The slots that have ended by a moment; the values are not copied. */
export function pastOf(series: Series, untilMs: number): Series {
  const slots = Math.floor((untilMs - series.startMs) / series.stepMs);
  return { ...series, values: series.values.subarray(0, Math.max(0, Math.min(series.values.length, slots))) };
}

/** The moments of fitting: once the warm-up is over, and then after each interval, while there is something left to score. */
export function fitTimes({ startMs, endMs }: TimeRange, warmUpMs: number, refitMs: number): number[] {
  const times: number[] = [];
  for (let timeMs = startMs + warmUpMs; timeMs < endMs; timeMs += refitMs) times.push(timeMs);
  return times;
}

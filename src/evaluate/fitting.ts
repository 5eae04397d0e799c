import type { FittedDetector } from "../detectors/detector.js";
import type { SeriesProfile } from "../detectors/profile.js";
import type { Model } from "../model/model.js";
import type { Threshold } from "../model/threshold.js";
import type { Series, TimeRange } from "../series/series.js";

/** What a method has learned from the past: plain data, so that it can be handed to another thread. Null: nothing is needed. */
export type Learned = Model | null;

/** What was learned at a moment, from slots that had ended by then. */
export interface Fit {
  readonly fromMs: number;
  readonly learned: Learned;
}

/** A detector for one series, to be used from a moment on. */
export interface DetectorFrom {
  readonly fromMs: number;
  readonly detector: FittedDetector;
  readonly profile: SeriesProfile;
}

export interface FitOptions {
  readonly timezone: string;
  readonly seed: number;
  /** Undefined: the method's own default. */
  readonly threshold: Threshold | undefined;
}

/** A way to detect, as a backtest drives it. */
export interface BacktestMethod {
  /** False: one fit at the very beginning serves for all time, because nothing is learned beforehand. */
  readonly refits: boolean;
  /** Whether `FitOptions.threshold` moves its threshold. */
  readonly takesThreshold: boolean;
  /** Learns from the past of all series together; undefined where it is too little to learn from yet. */
  fit(past: readonly Series[], options: FitOptions): Learned | undefined;
  /** The detector of one series, given what was learned and the past of that series. */
  open(learned: Learned, past: Series, options: FitOptions): Omit<DetectorFrom, "fromMs">;
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

/** All that a method learns over time, each time from the past only. */
export function fitOverTime(
  method: BacktestMethod,
  series: readonly Series[],
  schedule: { readonly range: TimeRange; readonly warmUpMs: number; readonly refitMs: number },
  options: FitOptions,
  onProgress?: (done: number, total: number) => void,
): Fit[] {
  if (!method.refits) {
    const learned = method.fit([], options);
    return learned === undefined ? [] : [{ fromMs: Number.NEGATIVE_INFINITY, learned }];
  }
  const times = fitTimes(schedule.range, schedule.warmUpMs, schedule.refitMs);
  return times.flatMap((fromMs, i) => {
    onProgress?.(i, times.length);
    const past = series.map((one) => pastOf(one, fromMs)).filter((one) => one.values.length > 0);
    const learned = past.length === 0 ? undefined : method.fit(past, options);
    return learned === undefined ? [] : [{ fromMs, learned }];
  });
}

import { emptySlot, type FittedDetector } from "../detectors/detector.js";
import { RUN_CAUSES } from "../detectors/rules.js";
import { type Threshold, thresholdScore } from "../detectors/threshold.js";
import { sortedFinite } from "../math/quantile.js";
import { type Series, seriesKey } from "../series/series.js";
import { DAY_MS } from "../time/duration.js";
import { AlarmLadder, thresholdFor } from "./alarm-ladder.js";

/** As many of the newest days are counted as a model is calibrated on. */
export const COUNTED_MS = 28 * DAY_MS;
/** Fewer series-days than this show no threshold. */
const LEAST_DAYS = 7;

/** Slots between two pauses: some milliseconds. */
const PAUSE_SLOTS = 1000;

/** What scores are divided by from a moment on. */
export interface OwnThreshold {
  readonly fromMs: number;
  readonly divisor: number;
}

/** The highest score of a day of a series, and the alarms it would have given at each threshold. */
interface SeriesDay {
  readonly endMs: number;
  readonly highest: number;
  readonly alarms: Uint16Array;
}

/**
 * Where a threshold lies on the scores of a detector that calibrates each series by itself, at each of some times, from the four weeks
 * before: a budget is the lowest threshold at which these held no more alarms, counted as people would have got them; a percentile is one of
 * the highest scores of the series-days, as it is for a model.
 *
 * Every series is scored once. That looks ahead of no time, because scores are causal and days count once they have ended.
 *
 * @returns what to divide scores by, at the times whose past is long enough to say.
 */
export function* ownThresholds(
  series: readonly Series[],
  times: readonly number[],
  detectorOf: (stepMs: number) => FittedDetector,
  threshold: Threshold,
  onProgress?: (done: number, total: number) => void,
): Generator<void, OwnThreshold[], void> {
  const days: SeriesDay[] = [];
  for (const [i, one] of series.entries()) {
    onProgress?.(i, series.length);
    days.push(...(yield* daysOf(one, detectorOf(one.stepMs))));
  }
  return times.flatMap((fromMs) => {
    const past = days.filter(({ endMs }) => endMs <= fromMs && endMs > fromMs - COUNTED_MS);
    if (past.length < LEAST_DAYS) return [];
    const score =
      threshold.kind === "budget"
        ? thresholdFor((threshold.episodes * past.length * DAY_MS) / threshold.perMs, past)
        : thresholdScore(threshold, sortedFinite(past.map(({ highest }) => highest)));
    return score > 0 ? [{ fromMs, divisor: score }] : [];
  });
}

/** Days by the clock in UTC; those that were warming throughout do not count. */
function* daysOf(series: Series, detector: FittedDetector): Generator<void, SeriesDay[], void> {
  const { startMs, stepMs, values } = series;
  const scorer = detector.open(detector.learnedOf(seriesKey(series.labels)) ?? detector.describe(series));
  const slot = emptySlot();
  const highest = new Map<number, number>();
  const ladder = new AlarmLadder(stepMs);
  for (let i = 0; i < values.length; i++) {
    const timeMs = startMs + i * stepMs;
    scorer.push(timeMs, values[i], slot);
    if (i % PAUSE_SLOTS === 0) yield;
    if (slot.warming) continue;
    const endMs = (Math.floor(timeMs / DAY_MS) + 1) * DAY_MS;
    // Silence and stall have thresholds of their own and must not move that of the band.
    const moves = !RUN_CAUSES.includes(slot.cause);
    highest.set(endMs, Math.max(highest.get(endMs) ?? 0, moves ? slot.score : 0));
    ladder.push(i, timeMs, moves ? slot.score : 0, !moves && slot.score >= 1);
  }
  return [...ladder].map(({ endMs, alarms }) => ({ endMs, alarms, highest: highest.get(endMs) ?? 0 }));
}

import { emptySlot, type FittedDetector } from "../detectors/detector.js";
import { RUN_CAUSES } from "../detectors/rules.js";
import { type Threshold, thresholdScore } from "../detectors/threshold.js";
import { sortedFinite } from "../math/quantile.js";
import { type Series, seriesKey } from "../series/series.js";
import { DAY_MS, WEEK_MS } from "../time/duration.js";
import { AlarmLadder, lowestThreshold } from "./alarm-ladder.js";

/** As many of the newest days are counted as a model is calibrated on. */
export const COUNTED_MS = 28 * DAY_MS;
/** Fewer series-days than this show no percentile. */
const LEAST_DAYS = 7;
/**
 * In its first days a detector knows little of a series and alarms more than it will: days count once it has scored for a week, as long as
 * what it calls ordinary looks back.
 */
const YOUNG_MS = 7 * DAY_MS;

/*
 * A budget before there are days to count, and with few: as many series-days of what the detector gives on metrics of all kinds, about three
 * alarms a week at its own threshold, and fewer the higher it is (bench/quality: 2.3 to 3.1 at 1, 0.8 to 1.6 at 2, 0.4 to 0.5 at 3).
 */
const USUAL_DAYS = 14;
const usualAlarmsAWeek = (threshold: number) => 3 * threshold ** -1.25;

/** A week of a series counts for no more than this many times its budget: one long incident must not blind all series for four weeks. */
const MOST_A_WEEK = 3;

/** Slots between two pauses: some milliseconds. */
const PAUSE_SLOTS = 1000;

/** What scores are divided by from a moment on. */
export interface OwnThreshold {
  readonly fromMs: number;
  readonly divisor: number;
}

/** The highest score of a day of a series, and the alarms it would have given at each threshold. */
interface SeriesDay {
  /** Place of the series. */
  readonly series: number;
  readonly endMs: number;
  readonly isYoung: boolean;
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
 * @returns what to divide scores by: for a budget at all of the times, for a percentile at those whose past is long enough to say.
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
    days.push(...(yield* daysOf(i, one, detectorOf(one.stepMs))));
  }
  return times.flatMap((fromMs) => {
    const past = days.filter(({ endMs }) => endMs <= fromMs && endMs > fromMs - COUNTED_MS);
    const grown = past.filter(({ isYoung }) => !isYoung);
    if (threshold.kind === "budget") {
      return [{ fromMs, divisor: budgetScore((threshold.episodes * WEEK_MS) / threshold.perMs, grown, fromMs) }];
    }
    const counted = grown.length < LEAST_DAYS ? past : grown;
    if (counted.length < LEAST_DAYS) return [];
    const score = thresholdScore(threshold, sortedFinite(counted.map(({ highest }) => highest)));
    return score > 0 ? [{ fromMs, divisor: score }] : [];
  });
}

/** @param perWeek alarms a series and week. */
function budgetScore(perWeek: number, days: readonly SeriesDay[], nowMs: number): number {
  const weeks = new Map<string, Uint16Array[]>();
  for (const { series, endMs, alarms } of days) {
    const week = `${series} ${Math.floor((nowMs - endMs) / WEEK_MS)}`;
    weeks.set(week, [...(weeks.get(week) ?? []), alarms]);
  }
  const most = MOST_A_WEEK * Math.max(1, perWeek);
  return lowestThreshold(
    (rung, threshold) => {
      let alarms = (USUAL_DAYS / 7) * usualAlarmsAWeek(threshold);
      for (const week of weeks.values()) alarms += Math.min(most, sumOf(week, rung));
      return alarms;
    },
    (perWeek * (days.length + USUAL_DAYS)) / 7,
  );
}

function sumOf(days: readonly Uint16Array[], rung: number): number {
  let sum = 0;
  for (const alarms of days) sum += alarms[rung];
  return sum;
}

/** Days by the clock in UTC; those that were warming throughout do not count. */
function* daysOf(place: number, series: Series, detector: FittedDetector): Generator<void, SeriesDay[], void> {
  const { startMs, stepMs, values } = series;
  let firstMs = Number.NaN;
  const scorer = detector.open(detector.learnedOf(seriesKey(series.labels)) ?? detector.describe(series));
  const slot = emptySlot();
  const highest = new Map<number, number>();
  const ladder = new AlarmLadder(stepMs);
  for (let i = 0; i < values.length; i++) {
    const timeMs = startMs + i * stepMs;
    scorer.push(timeMs, values[i], slot);
    if (i % PAUSE_SLOTS === 0) yield;
    if (slot.warming) continue;
    if (firstMs !== firstMs) firstMs = timeMs;
    const endMs = (Math.floor(timeMs / DAY_MS) + 1) * DAY_MS;
    // Silence and stall have thresholds of their own and must not move that of the band.
    const moves = !RUN_CAUSES.includes(slot.cause);
    highest.set(endMs, Math.max(highest.get(endMs) ?? 0, moves ? slot.score : 0));
    ladder.push(i, timeMs, moves ? slot.score : 0, !moves && slot.score >= 1);
  }
  return [...ladder].map(({ endMs, alarms }) => ({
    series: place,
    endMs,
    isYoung: endMs - firstMs <= YOUNG_MS,
    highest: highest.get(endMs) ?? 0,
    alarms,
  }));
}

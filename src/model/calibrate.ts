import { emptySlot } from "../detectors/detector.js";
import { type Divisors, FamilyScorer, RAW_DIVISORS } from "../detectors/family.js";
import type { SeriesProfile } from "../detectors/profile.js";
import { historySlots } from "../features/feature-machine.js";
import type { FeaturePlan } from "../features/feature-plan.js";
import type { Forest } from "../forest/forest.js";
import { quantileSorted, sortedFinite } from "../math/quantile.js";
import { tailQuantile } from "../math/tail.js";
import type { Series } from "../series/series.js";
import { DAY_MS, HOUR_MS } from "../time/duration.js";
import type { Calibration } from "./model.js";

export interface CalibrationRequest {
  readonly series: readonly Series[];
  readonly profiles: readonly SeriesProfile[];
  readonly plan: FeaturePlan;
  readonly forest: Forest;
  /** First moment that the forest has not seen. */
  readonly fromMs: number;
  readonly untilMs: number;
}

export interface Calibrated {
  readonly calibration: Calibration;
  /** The profiles with their tail factors. */
  readonly profiles: readonly SeriesProfile[];
  /** Mean absolute error on the unseen days, in robust deviations: the forest's, and of simply repeating. */
  readonly error: { readonly forest: number; readonly last: number; readonly lag24h: number };
  readonly rows: number;
}

/** Rules are put on one scale at this share of series-days; the threshold is chosen afterwards. */
const RULE_QUANTILE = 0.99;
/** A series is noisier than the family by the ratio of this quantile of its hourly maxima, within these limits. */
const TAIL_QUANTILE = 0.95;
const TAIL_LIMIT = 4;
/** Quantiles of the daily maxima that a model keeps: thresholds between them interpolate. */
const MAXIMA_KEPT = 2000;

interface Maxima {
  readonly daily: { band: number[]; shift: number[]; score: number[] };
  readonly hourlyBand: Float64Array[];
}

interface ErrorSums {
  forest: number;
  last: number;
  lag24h: number;
  rows: number;
}

/**
 * Calibrates the scores on days that the forest has not seen, in two passes of the very machine that will score live.
 *
 * 1. Without divisors: how far ordinary days stray from expected. Gives each series its tail factor and each rule its divisor.
 * 2. With them, incidents now being kept out of the memory: the highest score of each series-day, from which any threshold
 *    can be chosen later.
 *
 * Block maxima (a day) instead of single slots, because an alarm is an episode: what matters is how many days hold one.
 * Source: split conformal calibration (Lei et al., JASA 113, 2018) applied to block maxima.
 */
export function calibrate(request: CalibrationRequest, onSeries?: (done: number) => void): Calibrated {
  const count = request.series.length;
  const errors: ErrorSums = { forest: 0, last: 0, lag24h: 0, rows: 0 };
  const raw = replay(request, request.profiles, RAW_DIVISORS, errors, (done) => onSeries?.(done / 2));
  const familyTail = medianTail(raw.hourlyBand);
  const profiles = request.profiles.map((profile, s) => {
    const tail = quantileSorted(raw.hourlyBand[s], TAIL_QUANTILE) / familyTail;
    return { ...profile, tailFactor: tail > 1 ? Math.min(TAIL_LIMIT, tail) : 1 };
  });
  const divisors = ruleDivisors(raw);
  const final = replay(request, profiles, divisors, undefined, (done) => onSeries?.((count + done) / 2));
  const sorted = sortedFinite(Float64Array.from(final.daily.score));
  return {
    calibration: { divisors, dailyMaxima: thin(sorted), seriesDays: sorted.length },
    profiles,
    error: {
      forest: errors.forest / errors.rows,
      last: errors.last / errors.rows,
      lag24h: errors.lag24h / errors.rows,
    },
    rows: errors.rows,
  };
}

function medianTail(hourly: readonly Float64Array[]): number {
  const tails = hourly.filter((maxima) => maxima.length > 0).map((maxima) => quantileSorted(maxima, TAIL_QUANTILE));
  const median = quantileSorted(sortedFinite(Float64Array.from(tails)), 0.5);
  return median > 0 ? median : 1;
}

function ruleDivisors(raw: Maxima): Divisors {
  const divisor = (values: number[]) => {
    const at = tailQuantile(sortedFinite(Float64Array.from(values)), RULE_QUANTILE);
    return at > 0 ? at : 1;
  };
  return { band: divisor(raw.daily.band), shift: divisor(raw.daily.shift) };
}

function replay(
  request: CalibrationRequest,
  profiles: readonly SeriesProfile[],
  divisors: Divisors,
  errors: ErrorSums | undefined,
  onSeries: (done: number) => void,
): Maxima {
  const { series, plan, forest, fromMs, untilMs } = request;
  const historyMs = historySlots(plan) * plan.stepMs;
  const slot = emptySlot();
  const maxima: Maxima = { daily: { band: [], shift: [], score: [] }, hourlyBand: [] };
  const lag24h = Math.round(DAY_MS / plan.stepMs);
  series.forEach((s, index) => {
    const scorer = new FamilyScorer(plan, forest, divisors, profiles[index]);
    const first = Math.max(0, Math.floor((fromMs - historyMs - s.startMs) / s.stepMs));
    const hourly: number[] = [];
    let day = Number.NaN;
    let hour = Number.NaN;
    for (let i = first; i < s.values.length; i++) {
      const timeMs = s.startMs + i * s.stepMs;
      if (timeMs >= untilMs) break;
      scorer.push(timeMs, s.values[i], slot);
      if (timeMs < fromMs || slot.warming) continue;
      if (Math.floor(timeMs / DAY_MS) !== day) {
        day = Math.floor(timeMs / DAY_MS);
        for (const list of Object.values(maxima.daily)) list.push(0);
      }
      if (Math.floor(timeMs / HOUR_MS) !== hour) {
        hour = Math.floor(timeMs / HOUR_MS);
        hourly.push(0);
      }
      const distance = Math.abs(scorer.distance) / profiles[index].tailFactor;
      raise(maxima.daily.band, distance);
      raise(maxima.daily.shift, Math.abs(scorer.hourlyDistance) / profiles[index].tailFactor);
      // Stalls and silences have thresholds of their own and must not move the one of the band.
      if (slot.cause === "band" || slot.cause === "shift") raise(maxima.daily.score, slot.score);
      raise(hourly, distance);
      if (errors !== undefined) addErrors(errors, s.values, i, lag24h, slot.expected, profiles[index].spread);
    }
    maxima.hourlyBand.push(sortedFinite(Float64Array.from(hourly)));
    onSeries(index + 1);
  });
  return maxima;
}

/** Raises the newest block's maximum; NaN changes nothing. */
function raise(maxima: number[], value: number): void {
  if (value > maxima[maxima.length - 1]) maxima[maxima.length - 1] = value;
}

/** Only rows where all three have a prediction, or they would be compared on different rows. */
function addErrors(
  sums: ErrorSums,
  values: Float64Array,
  i: number,
  lag: number,
  expected: number,
  spread: number,
): void {
  const forest = Math.abs(values[i] - expected) / spread;
  const last = Math.abs(values[i] - values[i - 1]) / spread;
  const lagged = Math.abs(values[i] - values[i - lag]) / spread;
  if (!Number.isFinite(forest + last + lagged)) return;
  sums.forest += forest;
  sums.last += last;
  sums.lag24h += lagged;
  sums.rows++;
}

function thin(sorted: Float64Array): Float64Array {
  if (sorted.length <= MAXIMA_KEPT) return sorted;
  return Float64Array.from({ length: MAXIMA_KEPT }, (_, i) => quantileSorted(sorted, i / (MAXIMA_KEPT - 1)));
}

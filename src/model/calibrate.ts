import { emptySlot } from "../detectors/detector.js";
import { type Divisors, FamilyScorer, type Gauge, layOutBoth, RAW_DIVISORS } from "../detectors/family.js";
import type { SeriesProfile } from "../detectors/profile.js";
import { historySlots, type View } from "../features/feature-machine.js";
import type { FeaturePlan } from "../features/feature-plan.js";
import type { Forest } from "../forest/forest.js";
import { quantile, quantileSorted, sortedFinite } from "../math/quantile.js";
import { tailQuantile } from "../math/tail.js";
import type { Series } from "../series/series.js";
import { DAY_MS, HOUR_MS } from "../time/duration.js";
import { BlockMaxima } from "./block-maxima.js";
import type { Calibration } from "./model.js";

export interface CalibrationRequest {
  readonly series: readonly Series[];
  readonly profiles: readonly SeriesProfile[];
  readonly plan: FeaturePlan;
  readonly forests: Readonly<Record<View, Forest>>;
  /** First moment that the forests have not seen. */
  readonly fromMs: number;
  readonly untilMs: number;
}

export interface Calibrated {
  readonly calibration: Calibration;
  /** The profiles with their tail factors. */
  readonly profiles: readonly SeriesProfile[];
  /** Mean absolute error on the unseen days, in robust deviations: of both views, and of simply repeating. */
  readonly error: HeldOutError;
  readonly rows: number;
}

export interface HeldOutError {
  readonly recent: number;
  readonly seasonal: number;
  readonly last: number;
  readonly lag24h: number;
}

/** The views are put on one scale at this share of series-days; the threshold is chosen afterwards. */
const VIEW_QUANTILE = 0.99;
/** A series is noisier than the family by the ratio of this quantile of its hourly maxima, within these limits. */
const TAIL_QUANTILE = 0.95;
const TAIL_LIMIT = 4;
/** Quantiles of the daily maxima that a model keeps: thresholds between them interpolate. */
const MAXIMA_KEPT = 2000;

/**
 * Calibrates the scores on days that the forests have not seen, in two passes of the very machine that will score live.
 *
 * 1. Without divisors: how far ordinary days stray from expected. Gives each series its tail factors and each view its divisor.
 * 2. With them, incidents now being kept out of the memory: the highest score of each series-day, from which any threshold
 *    can be chosen later.
 *
 * Block maxima (a day) instead of single slots, because an alarm is an episode: what matters is how many days hold one.
 * Source: split conformal calibration (Lei et al., JASA 113, 2018) applied to block maxima.
 */
export function calibrate(request: CalibrationRequest, onSeries?: (done: number) => void): Calibrated {
  const count = request.series.length;
  const errors = new ErrorSums();
  const recent = new DistanceMaxima("recent");
  const seasonal = new DistanceMaxima("seasonal");
  const sustained = new DistanceMaxima("sustained");
  replay(request, request.profiles, RAW_DIVISORS, (done) => onSeries?.(done / 2), [
    recent,
    seasonal,
    sustained,
    errors,
  ]);
  const recentTails = recent.tailFactors();
  const seasonalTails = seasonal.tailFactors();
  const divisors = {
    recent: recent.divisor(recentTails),
    seasonal: seasonal.divisor(seasonalTails),
    sustained: sustained.divisor(seasonalTails),
  };
  const profiles = request.profiles.map((profile, s) => ({
    ...profile,
    recentTail: recentTails[s],
    seasonalTail: seasonalTails[s],
  }));
  const scores = new ScoreMaxima();
  replay(request, profiles, divisors, (done) => onSeries?.((count + done) / 2), [scores]);
  const sorted = scores.sorted();
  return {
    calibration: { divisors, dailyMaxima: thin(sorted), seriesDays: sorted.length },
    profiles,
    error: errors.means(),
    rows: errors.rows,
  };
}

interface Seen {
  readonly timeMs: number;
  readonly values: Float64Array;
  readonly index: number;
  readonly spread: number;
  readonly scorer: FamilyScorer;
  readonly slot: ReturnType<typeof emptySlot>;
}

/** Something that watches the replay. */
interface Observer {
  startSeries(stepMs: number): void;
  see(seen: Seen): void;
}

function replay(
  { series, plan, forests, fromMs, untilMs }: CalibrationRequest,
  profiles: readonly SeriesProfile[],
  divisors: Divisors,
  onSeries: (done: number) => void,
  observers: readonly Observer[],
): void {
  const historyMs = historySlots(plan) * plan.stepMs;
  const slot = emptySlot();
  const scoring = layOutBoth(forests);
  series.forEach(({ startMs, stepMs, values }, s) => {
    const scorer = new FamilyScorer(plan, scoring, divisors, profiles[s]);
    for (const observer of observers) observer.startSeries(stepMs);
    const first = Math.max(0, Math.floor((fromMs - historyMs - startMs) / stepMs));
    const last = Math.min(values.length, Math.ceil((untilMs - startMs) / stepMs));
    for (let index = first; index < last; index++) {
      const timeMs = startMs + index * stepMs;
      scorer.push(timeMs, values[index], slot);
      if (timeMs < fromMs || slot.warming) continue;
      const seen = { timeMs, values, index, spread: profiles[s].spread, scorer, slot };
      for (const observer of observers) observer.see(seen);
    }
    onSeries(s + 1);
  });
}

/** Highest distances of one gauge, by day and by hour, series by series. */
class DistanceMaxima implements Observer {
  private readonly gauge: Gauge;
  private readonly daily: BlockMaxima[] = [];
  private readonly hourly: BlockMaxima[] = [];

  constructor(gauge: Gauge) {
    this.gauge = gauge;
  }

  startSeries(): void {
    this.daily.push(new BlockMaxima(DAY_MS));
    this.hourly.push(new BlockMaxima(HOUR_MS));
  }

  see({ timeMs, scorer }: Seen): void {
    const distance = Math.abs(scorer.distance(this.gauge));
    this.daily[this.daily.length - 1].add(timeMs, distance);
    this.hourly[this.hourly.length - 1].add(timeMs, distance);
  }

  /** How much heavier each series' hourly maxima run than the median series', at least 1. */
  tailFactors(): number[] {
    const tails = this.hourly.map((hourly) => quantile(hourly.maxima, TAIL_QUANTILE));
    const family = quantile(tails, 0.5);
    return tails.map((tail) => (tail > family && family > 0 ? Math.min(TAIL_LIMIT, tail / family) : 1));
  }

  divisor(tails: readonly number[]): number {
    const all = this.daily.flatMap((daily, s) => daily.maxima.map((distance) => distance / tails[s]));
    const at = tailQuantile(sortedFinite(all), VIEW_QUANTILE);
    return at > 0 ? at : 1;
  }
}

/** Highest score of each series-day. */
class ScoreMaxima implements Observer {
  private readonly daily: BlockMaxima[] = [];

  startSeries(): void {
    this.daily.push(new BlockMaxima(DAY_MS));
  }

  see({ timeMs, slot }: Seen): void {
    // Stalls and silences have thresholds of their own and must not move the one of the band.
    const ofBand = slot.cause === "band" || slot.cause === "season" || slot.cause === "shift";
    this.daily[this.daily.length - 1].add(timeMs, ofBand ? slot.score : 0);
  }

  sorted(): Float64Array {
    return sortedFinite(this.daily.flatMap((daily) => daily.maxima));
  }
}

class ErrorSums implements Observer {
  rows = 0;
  private recent = 0;
  private seasonal = 0;
  private last = 0;
  private lag24h = 0;
  private lagSlots = 0;

  startSeries(stepMs: number): void {
    this.lagSlots = Math.round(DAY_MS / stepMs);
  }

  /** Only rows where all four have a prediction, or they would be compared on different rows. */
  see({ values, index, spread, scorer }: Seen): void {
    const last = Math.abs(values[index] - values[index - 1]) / spread;
    const lag24h = Math.abs(values[index] - values[index - this.lagSlots]) / spread;
    const recent = Math.abs(
      scorer.recent.distance * (scorer.recent.distance > 0 ? scorer.recent.above : scorer.recent.below),
    );
    const seasonal = Math.abs(
      scorer.seasonal.distance * (scorer.seasonal.distance > 0 ? scorer.seasonal.above : scorer.seasonal.below),
    );
    if (!Number.isFinite(last + lag24h + recent + seasonal)) return;
    this.rows++;
    this.last += last;
    this.lag24h += lag24h;
    this.recent += recent;
    this.seasonal += seasonal;
  }

  means(): HeldOutError {
    const { rows } = this;
    return {
      recent: this.recent / rows,
      seasonal: this.seasonal / rows,
      last: this.last / rows,
      lag24h: this.lag24h / rows,
    };
  }
}

function thin(sorted: Float64Array): Float64Array {
  if (sorted.length <= MAXIMA_KEPT) return sorted;
  return Float64Array.from({ length: MAXIMA_KEPT }, (_, i) => quantileSorted(sorted, i / (MAXIMA_KEPT - 1)));
}

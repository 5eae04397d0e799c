/* Longer than most: the steps of one calculation, in their order. */
import type { FeaturePlan } from "../../../features/feature-plan.js";
import { quantile, quantileSorted, sortedFinite } from "../../../math/quantile.js";
import { tailQuantile } from "../../../math/tail.js";
import type { TimeRange } from "../../../series/series.js";
import { DAY_MS, HOUR_MS } from "../../../time/duration.js";
import type { Divisors } from "../family.js";
import type { Calibration } from "../learned.js";
import type { SeriesProfile } from "../profile.js";
import { BlockMaxima } from "./block-maxima.js";
import { findIncidents, isRare } from "./find-incidents.js";
import {
  type CalibrationShared,
  eachOf,
  openReplay,
  type ReplayOne,
  type Seen,
  type SeriesPart,
} from "./replay-calibration.js";

/*
 * Scores are calibrated on days that the forests have not seen, in two passes of the very machine that will score live.
 *
 * 1. `openDistances`, without divisors: how far ordinary days stray from expected. Gives each series its tail factors and each
 *    view its divisor.
 * 2. `openScores`, with them, incidents now being kept out of the memory: the highest score of each series-day, from which any
 *    threshold can be chosen later.
 *
 * People export their history because of an incident, so the calibration days often hold one. Those that the first pass finds
 * are missing slots in what follows: neither a tail nor a pattern.
 *
 * Block maxima (a day) instead of single slots, because an alarm is an episode: what matters is how many days hold one.
 * Source: split conformal calibration (Lei et al., JASA 113, 2018) applied to block maxima.
 */

/** Mean absolute error on the unseen days, in robust deviations: of both views, and of simply repeating. */
export interface HeldOutError {
  readonly recent: number;
  readonly seasonal: number;
  readonly last: number;
  readonly lag24h: number;
}

/** How far one series strayed, by view. */
export interface SeriesDistances {
  readonly recent: GaugeDistances;
  readonly seasonal: GaugeDistances;
  readonly sustained: GaugeDistances;
  /** Sums over `rows` slots. */
  readonly errors: HeldOutError;
  readonly rows: number;
  /** Stretches that were left out as incidents. */
  readonly incidents: readonly TimeRange[];
  /** Time that was looked at. */
  readonly lookedMs: number;
}

interface GaugeDistances {
  /** Highest distance of each day. */
  readonly daily: readonly number[];
  /** `TAIL_QUANTILE` of the highest distances of the hours. */
  readonly tail: number;
}

/** The views are put on one scale at this share of series-days; the threshold is chosen afterwards. */
const VIEW_QUANTILE = 0.99;
/** A series is noisier than the family by the ratio of this quantile of its hourly maxima, within these limits. */
const TAIL_QUANTILE = 0.95;
const TAIL_LIMIT = 4;
/** Quantiles of the daily maxima that a model keeps: thresholds between them interpolate. */
const MAXIMA_KEPT = 2000;

/** The first pass. */
export function openDistances(shared: CalibrationShared): (part: SeriesPart) => SeriesDistances[] {
  const replay = openReplay(shared);
  return (part) => eachOf(part, (series) => seeWithoutIncidents(replay, series, shared.plan));
}

/** An incident can hide a smaller one, by its echo or by its size; a third round has found nothing more so far. */
const MOST_ROUNDS = 3;

function seeWithoutIncidents(replay: ReplayOne, series: number, plan: FeaturePlan): SeriesDistances {
  const whole = seeDistances(replay, series, [], plan.stepMs);
  const incidents: TimeRange[] = [];
  let seen = whole;
  for (let round = 0; round < MOST_ROUNDS && seen.incidents.length > 0; round++) {
    incidents.push(...withoutEchoes(seen.incidents, plan));
    seen = seeDistances(replay, series, incidents, plan.stepMs);
  }
  // What the rounds found together may be too much to be called an exception.
  return isRare(incidents, whole.lookedMs) ? { ...seen, incidents } : { ...whole, incidents: [] };
}

/**
 * Without divisors nothing is held back, so an incident is remembered: it bends the rolling windows that follow it and comes back
 * a lag later. Such echoes are gone once the incident is, so the next round judges them.
 */
function withoutEchoes(incidents: readonly TimeRange[], { lagsMs, windowsMs }: FeaturePlan): readonly TimeRange[] {
  const longestMs = Math.max(...windowsMs);
  const isEchoOf = (one: TimeRange, other: TimeRange) =>
    (one.startMs >= other.endMs && one.startMs < other.endMs + longestMs) ||
    lagsMs.some((lagMs) => one.startMs < other.endMs + lagMs && other.startMs + lagMs < one.endMs);
  return incidents.filter((one) => !incidents.some((other) => other.startMs < one.startMs && isEchoOf(one, other)));
}

function seeDistances(
  replay: ReplayOne,
  series: number,
  without: readonly TimeRange[],
  stepMs: number,
): SeriesDistances {
  const gauges = { recent: new Distances(), seasonal: new Distances(), sustained: new Distances() };
  const errors = new ErrorSums(stepMs);
  const times: number[] = [];
  const seasonal: number[] = [];
  replay(series, without, (seen) => {
    const { timeMs, scorer } = seen;
    gauges.recent.add(timeMs, Math.abs(scorer.distance("recent")));
    gauges.seasonal.add(timeMs, Math.abs(scorer.distance("seasonal")));
    gauges.sustained.add(timeMs, Math.abs(scorer.distance("sustained")));
    errors.see(seen);
    times.push(timeMs);
    seasonal.push(scorer.distance("seasonal"));
  });
  return {
    recent: gauges.recent.result(),
    seasonal: gauges.seasonal.result(),
    sustained: gauges.sustained.result(),
    errors: errors.sums(),
    rows: errors.rows,
    lookedMs: times.length * stepMs,
    incidents: findIncidents(seasonal, stepMs).map(({ from, until }) => ({
      startMs: times[from],
      endMs: times[until - 1] + stepMs,
    })),
  };
}

/** The second pass: the highest score of each day of each series, without the incidents that the first one found. */
export function openScores(
  shared: CalibrationShared & { readonly incidents: readonly (readonly TimeRange[])[] },
): (part: SeriesPart) => (readonly number[])[] {
  const replay = openReplay(shared);
  return (part) =>
    eachOf(part, (series) => {
      const daily = new BlockMaxima(DAY_MS);
      replay(series, shared.incidents[series], ({ timeMs, slot }) => {
        // Stalls and silences have thresholds of their own and must not move the one of the band.
        const ofBand = slot.cause === "band" || slot.cause === "season" || slot.cause === "shift";
        daily.add(timeMs, ofBand ? slot.score : 0);
      });
      return daily.maxima;
    });
}

/** What the first pass comes to. */
export function judgeDistances(
  distances: readonly SeriesDistances[],
  base: readonly SeriesProfile[],
): {
  readonly divisors: Divisors;
  /** The profiles with their tail factors. */
  readonly profiles: readonly SeriesProfile[];
  readonly error: HeldOutError;
  readonly rows: number;
} {
  const recentTails = tailFactors(distances.map(({ recent }) => recent.tail));
  const seasonalTails = tailFactors(distances.map(({ seasonal }) => seasonal.tail));
  const daily = (gauge: "recent" | "seasonal" | "sustained") => distances.map((one) => one[gauge].daily);
  const rows = distances.reduce((sum, one) => sum + one.rows, 0);
  const mean = (error: keyof HeldOutError) => distances.reduce((sum, one) => sum + one.errors[error], 0) / rows;
  return {
    divisors: {
      recent: divisor(daily("recent"), recentTails),
      seasonal: divisor(daily("seasonal"), seasonalTails),
      sustained: divisor(daily("sustained"), seasonalTails),
    },
    profiles: base.map((profile, s) => ({
      ...profile,
      recentTail: recentTails[s],
      seasonalTail: seasonalTails[s],
    })),
    error: { recent: mean("recent"), seasonal: mean("seasonal"), last: mean("last"), lag24h: mean("lag24h") },
    rows,
  };
}

/** What the second pass comes to. */
export function judgeScores(daily: readonly (readonly number[])[], divisors: Divisors): Calibration {
  const sorted = sortedFinite(daily.flat());
  return { divisors, dailyMaxima: thin(sorted), seriesDays: sorted.length };
}

/** How much heavier each series' hourly maxima run than the median series', at least 1. */
function tailFactors(tails: readonly number[]): number[] {
  const family = quantile(tails, 0.5);
  return tails.map((tail) => (tail > family && family > 0 ? Math.min(TAIL_LIMIT, tail / family) : 1));
}

function divisor(daily: readonly (readonly number[])[], tails: readonly number[]): number {
  const all = daily.flatMap((maxima, s) => maxima.map((distance) => distance / tails[s]));
  const at = tailQuantile(sortedFinite(all), VIEW_QUANTILE);
  return at > 0 ? at : 1;
}

/** Highest distances of one gauge of one series, by day and by hour. */
class Distances {
  private readonly daily = new BlockMaxima(DAY_MS);
  private readonly hourly = new BlockMaxima(HOUR_MS);

  add(timeMs: number, distance: number): void {
    this.daily.add(timeMs, distance);
    this.hourly.add(timeMs, distance);
  }

  result(): GaugeDistances {
    return { daily: this.daily.maxima, tail: quantile(this.hourly.maxima, TAIL_QUANTILE) };
  }
}

class ErrorSums {
  rows = 0;
  private recent = 0;
  private seasonal = 0;
  private last = 0;
  private lag24h = 0;
  private readonly lagSlots: number;

  constructor(stepMs: number) {
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

  sums(): HeldOutError {
    const { recent, seasonal, last, lag24h } = this;
    return { recent, seasonal, last, lag24h };
  }
}

function thin(sorted: Float64Array): Float64Array {
  if (sorted.length <= MAXIMA_KEPT) return sorted;
  return Float64Array.from({ length: MAXIMA_KEPT }, (_, i) => quantileSorted(sorted, i / (MAXIMA_KEPT - 1)));
}

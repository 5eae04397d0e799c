import { quantileSorted } from "../../math/quantile.js";
import { MAD_TO_SIGMA, robustScale } from "../../math/robust-scale.js";
import { SortedWindow } from "../../math/sorted-window.js";
import type { StateCursor } from "../../math/state-cursor.js";
import { DAY_MS, HOUR_MS } from "../../time/duration.js";
import { offsetMs } from "../../time/timezone.js";
import type { Forecaster } from "./forecaster.js";

/** How the values of a bucket become a centre and a usual distance to either side. */
export type BucketBand = "robust" | "mean" | "quantile";

export interface BucketOptions {
  /** Width of a bucket of the day. */
  readonly bucketMs: number;
  /** Weeks that are remembered. */
  readonly weeks: number;
  /** Whether weekdays differ; without it every day is like the others. */
  readonly period: "day" | "week";
  readonly band: BucketBand;
  /** Values that are wild beside their neighbours are replaced by the median of these before they are remembered. */
  readonly isScrubbed: boolean;
  /** Days that are like a Sunday, as days since 1970 by the clock of the zone. */
  readonly holidays: ReadonlySet<number>;
}

/** Spreads are pooled over this long to either side: four days have too few values to know the spread of one hour from. */
const POOLED_MS = 2 * HOUR_MS;
/** Of the same weekday this many are needed; until then all days are taken. */
const LEAST_SAME_DAYS = 2;
const DAYS_A_WEEK = 7;
/** 1970-01-01 was a Thursday; Sunday is 3 days on. */
const FIRST_SUNDAY = 3;
/** centre, below, above of one bucket of one day. */
const FIGURES = 3;
/** The 5 % and 95 % quantiles of a normal sample lie this many standard deviations out. */
const SIGMAS_AT_5_PERCENT = 1.6448536269514722;
/** The Hampel filter: values this many robust deviations from the median of the last ones are wild. */
const HAMPEL_SLOTS = 15;
const HAMPEL_DEVIATIONS = 3;
/** Of coarse steps a window of slots would span the day, and the day itself would be wild: buckets of fewer values are not scrubbed. */
const LEAST_TO_SCRUB = 5;

/**
 * What a series is at this time of the week: of each bucket of the last weeks the centre and spread are kept, and the centres and spreads of the
 * same bucket on other days say what to expect. Weekdays are told apart once a weekday was seen twice. Spreads are pooled with those of
 * the buckets beside it, and the days' disagreement is part of them; between the middles of two buckets the band moves in straight lines,
 * so that the turn of the hour is no step. Buckets are laid out by the clock of the zone, across its changes too.
 */
export class BucketBaseline implements Forecaster {
  readonly words: string;
  expected = Number.NaN;
  below = Number.NaN;
  above = Number.NaN;
  private readonly options: BucketOptions;
  private readonly timezone: string;
  private readonly buckets: number;
  private readonly days: number;
  /** The buckets whose spreads are pooled with one's own, counted from it. */
  private readonly beside: readonly number[];
  /** By day and bucket; `daysOf` says which day a row is of. */
  private readonly figures: Float64Array;
  private readonly daysOf: Float64Array;
  /** Values of the bucket under way. */
  private readonly values: Float64Array;
  private readonly recent: SortedWindow | undefined;
  private count = 0;
  private bucket = Number.NaN;
  /** What was worked out as the bucket began, of the one before, this one and the next; derived from the state. */
  private near: readonly Usual[] = [];
  private nearOf = Number.NaN;

  constructor(stepMs: number, timezone: string, options: BucketOptions) {
    this.options = options;
    this.timezone = timezone;
    this.words =
      options.period === "week"
        ? "value against its usual at this time of the week"
        : "value against its usual at this time of day";
    this.buckets = Math.max(1, Math.round(DAY_MS / options.bucketMs));
    this.days = options.weeks * DAYS_A_WEEK;
    const near = Math.max(1, Math.round(POOLED_MS / options.bucketMs));
    this.beside = Array.from({ length: near }, (_, i) => i + 1).flatMap((back) => [-back, back]);
    this.figures = new Float64Array(this.days * this.buckets * FIGURES).fill(Number.NaN);
    this.daysOf = new Float64Array(this.days * this.buckets).fill(Number.NaN);
    this.values = new Float64Array(Math.max(1, Math.ceil(options.bucketMs / stepMs)) * 2);
    const isFine = options.bucketMs / stepMs >= LEAST_TO_SCRUB;
    this.recent = options.isScrubbed && isFine ? new SortedWindow(HAMPEL_SLOTS) : undefined;
  }

  look(timeMs: number): void {
    const place = (timeMs + offsetMs(timeMs, this.timezone)) / (DAY_MS / this.buckets);
    const bucket = Math.floor(place);
    if (bucket !== this.bucket) {
      this.close();
      this.bucket = bucket;
    }
    if (bucket !== this.nearOf) {
      this.near = [bucket - 1, bucket, bucket + 1].map((one) => this.usualOf(one));
      this.nearOf = bucket;
    }
    this.between(place - bucket);
  }

  /** @param share (0–1) of the bucket that is over. */
  private between(share: number): void {
    const [before, here, after] = this.near;
    const other = share < 0.5 ? before : after;
    const towards = other.centre === other.centre ? Math.abs(share - 0.5) : 0;
    const line = (of: keyof Usual) => (towards === 0 ? here[of] : here[of] + towards * (other[of] - here[of]));
    this.expected = line("centre");
    this.below = line("below");
    this.above = line("above");
  }

  learn(_: number, value: number): void {
    if (value !== value || this.count >= this.values.length) return;
    this.values[this.count++] = this.recent === undefined ? value : scrubbed(value, this.recent);
  }

  /** Keeps what the bucket under way was. */
  private close(): void {
    if (this.bucket === this.bucket && this.count > 0) {
      const row = this.rowOf(this.bucket);
      this.daysOf[row] = Math.floor(this.bucket / this.buckets);
      this.figures.set(summary(this.values.subarray(0, this.count), this.options.band), row * FIGURES);
    }
    this.count = 0;
  }

  private rowOf(bucket: number): number {
    const ring = this.days * this.buckets;
    return ((bucket % ring) + ring) % ring;
  }

  /** What a bucket is on the days that are like its own. */
  private usualOf(bucket: number): Usual {
    const here = this.instancesOf(bucket);
    if (here.length === 0) return NOTHING;
    const centre = this.centreOf(here);
    const pooled = this.beside.flatMap((back) => {
      const one = bucket + back;
      const instances = this.instancesOf(one);
      const own = this.centreOf(instances);
      return instances.map((instance) => ({ ...instance, centre: instance.centre - own + centre }));
    });
    const all = [...here, ...pooled];
    const apart = this.apartOf(all.map((instance) => instance.centre - centre));
    const side = (name: "below" | "above") =>
      Math.hypot(this.centreOfNumbers(all.map((instance) => instance[name])), apart);
    return { centre, below: side("below"), above: side("above") };
  }

  private instancesOf(bucket: number): readonly Usual[] {
    const day = Math.floor(bucket / this.buckets);
    const kind = this.kindOf(day);
    const same: Usual[] = [];
    const others: Usual[] = [];
    for (let back = 1; back <= this.days; back++) {
      const row = this.rowOf(bucket - back * this.buckets);
      if (this.daysOf[row] !== day - back) continue;
      const [centre, below, above] = this.figures.subarray(row * FIGURES, (row + 1) * FIGURES);
      (this.kindOf(day - back) === kind ? same : others).push({ centre, below, above });
    }
    return same.length >= LEAST_SAME_DAYS ? same : [...same, ...others];
  }

  /** The weekday, Sunday for a holiday; all days are alike where the week does not count. */
  private kindOf(day: number): number {
    if (this.options.period === "day") return 0;
    const weekday = (((day - FIRST_SUNDAY) % DAYS_A_WEEK) + DAYS_A_WEEK) % DAYS_A_WEEK;
    return this.options.holidays.has(day) ? 0 : weekday;
  }

  private centreOf(instances: readonly Usual[]): number {
    return this.centreOfNumbers(instances.map(({ centre }) => centre));
  }

  private centreOfNumbers(numbers: readonly number[]): number {
    if (this.options.band === "mean") return numbers.reduce((sum, one) => sum + one / numbers.length, 0);
    return robustScale(Float64Array.from(numbers)).location;
  }

  /** How far the days are apart. */
  private apartOf(offs: readonly number[]): number {
    if (this.options.band === "mean") return Math.sqrt(offs.reduce((sum, off) => sum + (off * off) / offs.length, 0));
    const sizes = Float64Array.from(offs, Math.abs).sort();
    return quantileSorted(sizes, 0.5) * MAD_TO_SIGMA;
  }

  walk(state: StateCursor): void {
    this.count = state.number(this.count);
    this.bucket = state.number(this.bucket);
    state.array(this.figures);
    state.array(this.daysOf);
    state.array(this.values);
    this.recent?.walk(state);
    if (state.isRestoring) this.nearOf = Number.NaN;
  }
}

/** A centre and the usual distances to either side. */
interface Usual {
  readonly centre: number;
  readonly below: number;
  readonly above: number;
}

const NOTHING: Usual = { centre: Number.NaN, below: Number.NaN, above: Number.NaN };

function summary(values: Float64Array, band: BucketBand): readonly [centre: number, below: number, above: number] {
  if (band === "mean") {
    const mean = values.reduce((sum, value) => sum + value / values.length, 0);
    const deviation = Math.sqrt(values.reduce((sum, value) => sum + (value - mean) ** 2 / values.length, 0));
    return [mean, deviation, deviation];
  }
  if (band === "robust") {
    const { location, spread } = robustScale(values);
    return [location, spread, spread];
  }
  const sorted = values.slice().sort();
  const centre = quantileSorted(sorted, 0.5);
  const out = (p: number) => Math.abs(quantileSorted(sorted, p) - centre) / SIGMAS_AT_5_PERCENT;
  return [centre, out(0.05), out(0.95)];
}

/** The value, or the median of the last ones where it is wild beside them. Source: Hampel, "The influence curve and its role in robust estimation", JASA 69 (1974). */
function scrubbed(value: number, recent: SortedWindow): number {
  const median = recent.median();
  const deviation = recent.medianDeviation() * MAD_TO_SIGMA;
  recent.push(value);
  return Math.abs(value - median) > HAMPEL_DEVIATIONS * deviation ? median : value;
}

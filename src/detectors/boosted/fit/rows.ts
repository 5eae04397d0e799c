import { seededRandom } from "../../../math/random.js";
import type { StoredSeries } from "../../../shelf/stored-series.js";
import { DAY_MS } from "../../../time/duration.js";
import { type Prepared, type SeriesPart, type Source, splitOf, valuesOf } from "../../trained/scaled-history.js";
import { scaledValue } from "../family/scaled.js";
import { featureCount, RecentFeatures, slotsFor } from "../recent-features.js";

/** Which slots of each series become rows. */
export interface RowPlan {
  readonly source: Source;
  readonly prepared: readonly Prepared[];
  readonly lagsMs: readonly number[];
  readonly seed: number;
  /** Rows of a series before the split, and after it, at the most. */
  readonly mostFitted: number;
  readonly mostLater: number;
}

/** Slots of one series as rows, in spreads from the mean of the day before: plain data. */
export interface Rows {
  /** `columns[f][i]` is feature f of row i. */
  readonly columns: readonly Float32Array[];
  readonly targets: Float32Array;
  /** The value of a day ago, from the same mean. */
  readonly dayAgo: Float32Array;
}

export interface SeriesRows {
  readonly fitted: Rows;
  /** Of slots after the split: they say when to stop, and how far off forecasts are. */
  readonly later: Rows;
}

/** A target counts as this many spreads at the most: an incident must not lead the trees. */
const FURTHEST = 8;

export function rowsOf(plan: RowPlan, { from, until }: SeriesPart): SeriesRows[] {
  return plan.source.series
    .slice(from, until)
    .map((series, i) => seriesRows(plan, series, plan.prepared[from + i], plan.seed + from + i));
}

function seriesRows(plan: RowPlan, series: StoredSeries, scale: Prepared, seed: number): SeriesRows {
  const { source, lagsMs } = plan;
  const { stepMs, startMs, length } = series;
  const day = Math.max(1, Math.round(DAY_MS / stepMs));
  const features = new RecentFeatures(stepMs, source.timezone, lagsMs, slotsFor(stepMs, lagsMs));
  const [fitted, later] = [new RowBuffer(lagsMs), new RowBuffer(lagsMs)];
  if (!(scale.spread > 0)) return { fitted: fitted.rows(), later: later.rows() };
  const split = splitOf(source, series);
  const values = valuesOf(source, series, scale.isCounter).map((value) => scaledValue(value, scale));
  const random = seededRandom(seed);
  const isDrawn = drawn(Math.min(day, split), split, plan.mostFitted, random);
  const isDrawnLater = drawn(split, length, plan.mostLater, random);
  for (let i = 0; i < length; i++) {
    const value = values[i];
    if (value === value && (i < split ? isDrawn(i) : isDrawnLater(i))) {
      features.describe(startMs + i * stepMs);
      const { anchor, row } = features;
      if (anchor === anchor)
        (i < split ? fitted : later).add(row, value - anchor, (values[i - day] ?? Number.NaN) - anchor);
    }
    features.push(value);
  }
  return { fitted: fitted.rows(), later: later.rows() };
}

/** One slot of each of `most` equal stretches, at a place of chance: every so many slots would be the same few hours of every day. */
function drawn(from: number, until: number, most: number, random: () => number): (slot: number) => boolean {
  const slots = until - from;
  if (slots <= most) return (slot) => slot >= from;
  const chosen = new Set<number>();
  for (let i = 0; i < most; i++) chosen.add(from + Math.floor(((i + random()) * slots) / most));
  return (slot) => chosen.has(slot);
}

class RowBuffer {
  private readonly columns: number[][];
  private readonly targets: number[] = [];
  private readonly dayAgo: number[] = [];

  constructor(lagsMs: readonly number[]) {
    this.columns = Array.from({ length: featureCount(lagsMs) }, () => []);
  }

  add(row: Float32Array, target: number, dayAgo: number): void {
    row.forEach((one, f) => {
      this.columns[f].push(one);
    });
    this.targets.push(bounded(target));
    this.dayAgo.push(bounded(dayAgo));
  }

  rows(): Rows {
    return {
      columns: this.columns.map((column) => Float32Array.from(column)),
      targets: Float32Array.from(this.targets),
      dayAgo: Float32Array.from(this.dayAgo),
    };
  }
}

const bounded = (size: number) => Math.max(-FURTHEST, Math.min(FURTHEST, size));

/** The rows of several series, one behind the other. */
export function joined(rows: readonly Rows[], features: number): Rows {
  const total = rows.reduce((sum, { targets }) => sum + targets.length, 0);
  const all = (of: (one: Rows) => Float32Array) => {
    const numbers = new Float32Array(total);
    let at = 0;
    for (const one of rows) {
      numbers.set(of(one), at);
      at += of(one).length;
    }
    return numbers;
  };
  return {
    columns: Array.from({ length: features }, (_, f) => all((one) => one.columns[f])),
    targets: all((one) => one.targets),
    dayAgo: all((one) => one.dayAgo),
  };
}

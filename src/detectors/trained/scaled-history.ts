import { robustScale } from "../../math/robust-scale.js";
import { exclude } from "../../series/exclude.js";
import { coverage, type TimeRange } from "../../series/series.js";
import { type StoredSeries, takeSlots } from "../../shelf/stored-series.js";
import type { FitOptions, LeftOut } from "../fit.js";
import { checkSpan, selectSeries, spanOf } from "../select-series.js";
import { increasesOf, isCounter } from "./series-scale.js";

/** What all steps of a training need of the history. */
export interface Source {
  readonly series: readonly StoredSeries[];
  readonly exclude: readonly TimeRange[];
  readonly timezone: string;
  readonly stepMs: number;
  readonly range: TimeRange;
  /** Later values are not trained on. */
  readonly heldOutFromMs: number;
}

export interface Prepared {
  readonly isCounter: boolean;
  readonly location: number;
  /** 0 where there is nothing to train on. */
  readonly spread: number;
  readonly points: number;
}

/** As of the family detector, so that all speak of the same series. */
export const MIN_COVERAGE = 0.05;
/** The last fifth says when to stop, and how far off forecasts are. */
const HELD_OUT_SHARE = 0.2;
/** Fewer values before the split are no history. */
const LEAST_POINTS = 96;
const SERIES_A_PART = 16;

/** The series that are trained on. @throws InputError where none is left, steps differ or the history is too short. */
export function sourceOf(
  history: readonly StoredSeries[],
  { timezone, minCoverage = MIN_COVERAGE, exclude: excluded = [] }: FitOptions,
): { readonly source: Source; readonly leftOut: readonly LeftOut[] } {
  const { kept, leftOut } = selectSeries(history, minCoverage);
  const range = spanOf(kept);
  checkSpan(range);
  const { stepMs } = kept[0];
  const heldOutSlots = Math.round((HELD_OUT_SHARE * (range.endMs - range.startMs)) / stepMs);
  const heldOutFromMs = range.endMs - heldOutSlots * stepMs;
  return { source: { series: kept, exclude: excluded, timezone, stepMs, range, heldOutFromMs }, leftOut };
}

/** Scale and kind of a series by its values before the split. */
export function prepare(source: Source, series: StoredSeries): Prepared {
  const values = valuesOf(source, series, false);
  const isRising = isCounter(values, series.stepMs);
  const fitted = (isRising ? increasesOf(values) : values).subarray(0, splitOf(source, series));
  const points = Math.round(fitted.length * coverage(fitted));
  const { location, spread } = robustScale(fitted);
  const isUsable = points >= LEAST_POINTS && isVaried(fitted) && Number.isFinite(spread + location);
  const all = Math.round(values.length * coverage(values));
  return { isCounter: isRising, location: isUsable ? location : 0, spread: isUsable ? spread : 0, points: all };
}

/** The deviation of equal values may be a rounding and not 0. */
function isVaried(values: Float64Array): boolean {
  const first = values.find((value) => value === value);
  return values.some((value) => value === value && value !== first);
}

/** Slots of a series before the split. */
export function splitOf({ heldOutFromMs }: Source, { startMs, stepMs, length }: StoredSeries): number {
  return Math.max(0, Math.min(length, Math.ceil((heldOutFromMs - startMs) / stepMs)));
}

/** Values without excluded stretches and infinities; of a counter its increases. */
export function valuesOf(source: Source, series: StoredSeries, isRising: boolean): Float64Array {
  const { values } = exclude(takeSlots(series), source.exclude);
  const finite = values.map((value) => (Number.isFinite(value) ? value : Number.NaN));
  return isRising ? increasesOf(finite) : finite;
}

/** Series from `from` to before `until`. */
export interface SeriesPart {
  readonly from: number;
  readonly until: number;
}

export function partsOf(count: number): SeriesPart[] {
  return Array.from({ length: Math.ceil(count / SERIES_A_PART) }, (_, part) => ({
    from: part * SERIES_A_PART,
    until: Math.min(count, (part + 1) * SERIES_A_PART),
  }));
}

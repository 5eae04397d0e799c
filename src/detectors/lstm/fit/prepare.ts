import { robustScale } from "../../../math/robust-scale.js";
import { exclude } from "../../../series/exclude.js";
import { coverage, type TimeRange } from "../../../series/series.js";
import { type StoredSeries, takeSlots } from "../../../shelf/stored-series.js";
import { ClassWatch } from "../../machine/series-class.js";
import { scaledValue } from "../inputs.js";
import type { Lane } from "./lane.js";

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

/** Fewer values before the split are no history. */
const LEAST_POINTS = 96;

/** Scale and kind of a series by its values before the split. */
export function prepare(source: Source, series: StoredSeries): Prepared {
  const values = valuesOf(source, series, false);
  const watch = new ClassWatch(series.stepMs);
  for (const value of values) watch.push(value, Number.NaN);
  const { isCounter } = watch;
  const fitted = (isCounter ? increasesOf(values) : values).subarray(0, splitOf(source, series));
  const points = Math.round(fitted.length * coverage(fitted));
  const { location, spread } = robustScale(fitted);
  const isUsable = points >= LEAST_POINTS && isVaried(fitted) && Number.isFinite(spread + location);
  const all = Math.round(values.length * coverage(values));
  return { isCounter, location: isUsable ? location : 0, spread: isUsable ? spread : 0, points: all };
}

/** The deviation of equal values may be a rounding and not 0. */
function isVaried(values: Float64Array): boolean {
  const first = values.find((value) => value === value);
  return values.some((value) => value === value && value !== first);
}

/** The series as a network sees it. */
export function laneOf(source: Source, series: StoredSeries, { isCounter, location, spread }: Prepared): Lane {
  const values = valuesOf(source, series, isCounter);
  return {
    first: Math.round((series.startMs - source.range.startMs) / series.stepMs),
    values: Float32Array.from(values, (value) => scaledValue(value, location, spread)),
  };
}

/** Slots of a series before the split. */
export function splitOf({ heldOutFromMs }: Source, { startMs, stepMs, length }: StoredSeries): number {
  return Math.max(0, Math.min(length, Math.ceil((heldOutFromMs - startMs) / stepMs)));
}

/** Values without excluded stretches and infinities; of a counter its increases. */
function valuesOf(source: Source, series: StoredSeries, isCounter: boolean): Float64Array {
  const { values } = exclude(takeSlots(series), source.exclude);
  const finite = values.map((value) => (Number.isFinite(value) ? value : Number.NaN));
  return isCounter ? increasesOf(finite) : finite;
}

/** What a counter rose by a slot; a fall is a start from 0, as the scorer takes it. */
function increasesOf(values: Float64Array): Float64Array {
  let last = Number.NaN;
  let since = 1;
  return values.map((value) => {
    if (value !== value) {
      since++;
      return Number.NaN;
    }
    const increase = (value < last ? value : value - last) / since;
    last = value;
    since = 1;
    return increase;
  });
}

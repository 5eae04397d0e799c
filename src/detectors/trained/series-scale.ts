import { robustScale } from "../../math/robust-scale.js";
import { ClassWatch } from "../machine/series-class.js";

/** How far a series spreads, and how far its forecasts were off on values that were not trained on. */
export interface SeriesScale {
  readonly location: number;
  /** 0 for a series that nothing was trained for: constant, or without values. */
  readonly spread: number;
  /** The usual forecast error, in the metric's unit; NaN where it is not known. */
  readonly error: number;
}

const FIELDS = ["location", "spread", "error"] as const;

/** Whether values only ever rise, but for resets: then their increases are forecast. */
export function isCounter(values: Float64Array, stepMs: number): boolean {
  const watch = new ClassWatch(stepMs);
  for (const value of values) watch.push(value, Number.NaN);
  return watch.isCounter;
}

/** What a counter rose by a slot; a fall is a start from 0, as the scorer takes it. */
export function increasesOf(values: Float64Array): Float64Array {
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

/** The scale of a series that nothing was trained on, by its own values; its spread is 0 where they do not vary. */
export function scaleOf(values: Float64Array, stepMs: number): SeriesScale {
  const { location, spread } = robustScale(isCounter(values, stepMs) ? increasesOf(values) : values);
  const isUsable = spread > 0 && Number.isFinite(spread + location);
  return { location, spread: isUsable ? spread : 0, error: Number.NaN };
}

/** Scales as a model file keeps them: three numbers for each series. */
export function packScales(scales: readonly SeriesScale[]): Float64Array {
  return Float64Array.from(scales.flatMap((scale) => FIELDS.map((field) => scale[field])));
}

/**
 * @param isUsed whether forecasts of that series are made with its scale.
 * @throws RangeError where there are not as many as series, or one that is used is none.
 */
export function unpackScales(
  numbers: unknown,
  seriesCount: number,
  isUsed: (place: number, spread: number) => boolean,
): readonly SeriesScale[] {
  if (!(numbers instanceof Float64Array)) throw new RangeError("it must have an array scales of Float64Array");
  if (numbers.length !== seriesCount * FIELDS.length) {
    throw new RangeError(`scales and series differ: ${numbers.length} numbers for ${seriesCount}`);
  }
  return Array.from({ length: seriesCount }, (_, i) => {
    const [location, spread, error] = numbers.subarray(i * FIELDS.length);
    const isUsable = Number.isFinite(location) && spread > 0 && spread < Number.POSITIVE_INFINITY && !(error < 0);
    if (isUsed(i, spread) && !isUsable) throw new RangeError(`scale ${i}: ${location}, ${spread}, ${error}`);
    return { location, spread, error };
  });
}

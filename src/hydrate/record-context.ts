import { quantile } from "../math/quantile.js";
import type { RecordContext } from "../records/record.js";
import type { Series, TimeRange } from "../series/series.js";
import { DAY_MS } from "../time/duration.js";
import { formatUtc } from "../time/format.js";
import type { Band } from "./band.js";
import { earlier, slotsOf } from "./series-slots.js";

/** A picture has about 1,000 pixels for the window, and a record stays under 100 kB: 24 hours of minutes fit as they are. */
export const MAX_CONTEXT_POINTS = 1500;

/**
 * The window's values and what they are compared with, ready for a picture.
 *
 * Where the window has more slots than `MAX_CONTEXT_POINTS`, several become one: of values the one farthest from the
 * window's median stands for them (so that no spike or drop is lost), of the band the mean. NaN becomes null; numbers
 * have 6 significant digits. Without a band its arrays hold nulls.
 */
export function recordContext(series: Series, window: TimeRange, band: Band | undefined): RecordContext {
  const observed = slotsOf(series, window);
  const lag = (days: number) => slotsOf(series, earlier(window, days * DAY_MS, series.stepMs));
  const merge = Math.max(1, Math.ceil(observed.length / MAX_CONTEXT_POINTS));
  const centre = quantile(observed, 0.5);
  const none = new Float64Array(observed.length).fill(Number.NaN);
  const values = (slots: Float64Array) => asJson(merged(slots, merge, (some) => farthest(some, centre)));
  const means = (slots: Float64Array) => asJson(merged(slots, merge, mean));
  return {
    start: formatUtc(window.startMs),
    step_s: (series.stepMs * merge) / 1000,
    observed: values(observed),
    expected: means(band?.expected ?? none),
    lower: means(band?.lower ?? none),
    upper: means(band?.upper ?? none),
    lag_24h: values(lag(1)),
    lag_72h: values(lag(3)),
  };
}

/** A number cut to this many significant digits; null for NaN and ±Infinity, which JSON does not have. */
export function roundTo(value: number, digits: number): number | null {
  return Number.isFinite(value) ? Number(value.toPrecision(digits)) : null;
}

function asJson(values: Float64Array): (number | null)[] {
  return Array.from(values, (value) => roundTo(value, 6));
}

function merged(values: Float64Array, count: number, pick: (some: Float64Array) => number): Float64Array {
  if (count === 1) return values;
  const out = new Float64Array(Math.ceil(values.length / count));
  for (let i = 0; i < out.length; i++) out[i] = pick(values.subarray(i * count, (i + 1) * count));
  return out;
}

function farthest(values: Float64Array, centre: number): number {
  let best = Number.NaN;
  for (const value of values) {
    if (value === value && !(Math.abs(value - centre) <= Math.abs(best - centre))) best = value;
  }
  return best;
}

function mean(values: Float64Array): number {
  let sum = 0;
  let count = 0;
  for (const value of values) {
    if (value !== value) continue;
    sum += value;
    count++;
  }
  return count === 0 ? Number.NaN : sum / count;
}

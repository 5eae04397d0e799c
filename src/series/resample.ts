import { slotStart } from "./grid.js";
import type { Series } from "./series.js";

/**
 * A series in coarser slots: each new slot is the mean of the values that begin in it, missing ones skipped, NaN where
 * there is none. A step that the series has already gives back the series itself.
 *
 * @throws RangeError if the new step is finer than the series': values in between are not known.
 * @example resample({ startMs: 0, stepMs: 60_000, values: Float64Array.of(1, 3, NaN, 5), … }, 120_000).values // [2, 5]
 */
export function resample(series: Series, stepMs: number): Series {
  if (stepMs === series.stepMs) return series;
  if (stepMs < series.stepMs) {
    throw new RangeError(`resample() makes steps coarser: got ${stepMs} ms for a series with ${series.stepMs} ms`);
  }
  const startMs = slotStart(series.startMs, stepMs);
  const length = series.values.length;
  const lastMs = series.startMs + (length - 1) * series.stepMs;
  const slots = length === 0 ? 0 : (slotStart(lastMs, stepMs) - startMs) / stepMs + 1;
  const sums = new Float64Array(slots);
  const counts = new Uint32Array(slots);
  for (let i = 0; i < length; i++) {
    const value = series.values[i];
    if (value !== value) continue;
    const slot = Math.floor((series.startMs + i * series.stepMs - startMs) / stepMs);
    sums[slot] += value;
    counts[slot]++;
  }
  // 0 / 0 is NaN: a slot without values stays missing.
  return { ...series, startMs, stepMs, values: sums.map((sum, slot) => sum / counts[slot]) };
}

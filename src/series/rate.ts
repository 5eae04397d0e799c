import type { Series } from "./series.js";

/**
 * A counter as its increase a second, slot by slot.
 *
 * A value below the one before is a counter that began again at zero: all of it is increase since then, as in PromQL's `rate`.
 * After missing slots (NaN) the first value gets the mean rate of the time since the last one; the missing slots stay
 * missing, and so does the first slot of all, before which nothing is known.
 *
 * @example counterToRate({ stepMs: 60_000, values: Float64Array.of(60, 120, NaN, 240, 30), … }).values // [NaN, 1, NaN, 1, 0.5]
 * @see https://prometheus.io/docs/prometheus/latest/querying/functions/#rate (which also extrapolates to the window's ends)
 */
export function counterToRate(series: Series): Series {
  const { values, stepMs } = series;
  const rates = new Float64Array(values.length).fill(Number.NaN);
  let last = Number.NaN;
  let lastSlot = 0;
  for (let i = 0; i < values.length; i++) {
    const value = values[i];
    if (value !== value) continue;
    if (last === last) {
      const increase = value >= last ? value - last : value;
      rates[i] = increase / (((i - lastSlot) * stepMs) / 1000);
    }
    last = value;
    lastSlot = i;
  }
  return { ...series, values: rates };
}

/** How often a counter was set back: values below the one before, missing ones skipped. */
export function countResets(values: Float64Array): number {
  let last = Number.NEGATIVE_INFINITY;
  let resets = 0;
  for (const value of values) {
    if (value < last) resets++;
    if (value === value) last = value;
  }
  return resets;
}

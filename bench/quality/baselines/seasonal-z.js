import { SortedWindow } from "../../../dist/math/sorted-window.js";

const DAY_MS = 86_400_000;
/** The same time on the three days before. */
const LAG_DAYS = [1, 2, 3];
const SCALE_MS = 3 * DAY_MS;
const THRESHOLD = 3;
/** Of a normal distribution: standard deviation over median absolute deviation. */
const MAD_TO_SIGMA = 1.482602218505602;
const LEAST_SPREAD = 1e-6;

/** The distance from the median of 24, 48 and 72 hours ago, over 1.4826 times its own median size in the last 3 days; 1 is three sigma. */
export function seasonalZ({ values, stepMs }) {
  const lags = LAG_DAYS.map((days) => Math.round((days * DAY_MS) / stepMs));
  const sizes = new SortedWindow(Math.round(SCALE_MS / stepMs));
  return values.map((value, i) => {
    const before = lags.map((lag) => values[i - lag]).filter((past) => past === past && past !== undefined);
    const expected = medianOf(before);
    const size = Math.abs(value - expected);
    const scale = sizes.median() * MAD_TO_SIGMA;
    sizes.push(size);
    if (size !== size || scale !== scale) return Number.NaN;
    return Math.min(1e9, size / Math.max(scale, Math.abs(expected) * LEAST_SPREAD, Number.MIN_VALUE) / THRESHOLD);
  });
}

function medianOf(values) {
  const sorted = values.sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  if (sorted.length === 0) return Number.NaN;
  return sorted.length % 2 === 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
}

import { rollingMoments } from "./rolling-moments.js";

/*
 * The adaptive rules of Grafana's promql-anomaly-detection (rules/adaptive.yml), for a metric without a type of its own:
 *
 * - values that are not above 0 are not looked at;
 * - the middle is the mean of the last hour, this slot included;
 * - short-term band: 2 × the mean over 26 h of the hourly standard deviation, where that exceeds half of the mean;
 * - margin band: half of the mean;
 * - long-term bands: mean ± 2 standard deviations of the hour that ended 23 h 30 min and 167 h 30 min ago;
 * - the band is the widest of them, not below 0; an alert fires once a value has been outside for 5 minutes.
 */
const HOUR_MS = 3_600_000;
const MINUTE_MS = 60_000;
const COEFFICIENT_OF_VARIATION = 0.5;
const STDDEV_MULTIPLIER = 2;
const MARGIN_MULTIPLIER = 0.5;
const SMOOTHING_MS = 26 * HOUR_MS;
const LOOK_BACKS_MS = [167.5 * HOUR_MS, 23.5 * HOUR_MS];
const FOR_MS = 5 * MINUTE_MS;

/** Distance from the band's middle in half-widths, the least of the last 5 minutes: 1 is where its alert fires. */
export function grafanaAdaptive({ values, stepMs }) {
  const n = values.length;
  const slots = (ms) => Math.max(1, Math.round(ms / stepMs));
  const level = values.map((value) => (value > 0 ? value : Number.NaN));
  const hour = rollingMoments(level, slots(HOUR_MS));
  const varied = hour.std.map((std, i) => (std > hour.mean[i] * COEFFICIENT_OF_VARIATION ? std : Number.NaN));
  const smoothed = rollingMoments(varied, slots(SMOOTHING_MS)).mean;
  const outside = new Float64Array(n);
  for (let i = 0; i < n; i++) {
    const mean = hour.mean[i];
    let low = Number.POSITIVE_INFINITY;
    let high = Number.NEGATIVE_INFINITY;
    const widen = (middle, half) => {
      if (middle - half < low) low = middle - half;
      if (middle + half > high) high = middle + half;
    };
    widen(mean, STDDEV_MULTIPLIER * smoothed[i]);
    widen(mean, MARGIN_MULTIPLIER * mean);
    for (const lookBackMs of LOOK_BACKS_MS) {
      const then = i - slots(lookBackMs);
      if (then >= 0) widen(hour.mean[then], STDDEV_MULTIPLIER * hour.std[then]);
    }
    low = Math.max(low, 0);
    const half = (high - low) / 2;
    // A value that the rules do not look at never alerts.
    outside[i] = level[i] === level[i] && half > 0 ? Math.abs(level[i] - (low + half)) / half : 0;
  }
  const held = slots(FOR_MS);
  return outside.map((_, i) => Math.min(...outside.subarray(Math.max(0, i - held), i + 1)));
}

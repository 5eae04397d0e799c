import { rollingMoments } from "./rolling-moments.js";

/** Three sigma. */
const THRESHOLD = 3;
/** A constant past has no spread: a change of a millionth of the level is then a sigma. */
const LEAST_SPREAD = 1e-6;

/**
 * |x − mean| / std over the window before the slot, itself not included, as many dashboards have it; score 1 is three sigma.
 *
 * @param {number} windowMs
 */
export function rollingZ(windowMs) {
  return ({ values, stepMs }) => {
    const slots = Math.max(2, Math.round(windowMs / stepMs));
    const { mean, std, count } = rollingMoments(values, slots);
    return values.map((value, i) => {
      if (i === 0 || value !== value || count[i - 1] < slots / 2) return Number.NaN;
      const spread = Math.max(std[i - 1], Math.abs(mean[i - 1]) * LEAST_SPREAD, Number.MIN_VALUE);
      return Math.min(1e9, Math.abs(value - mean[i - 1]) / spread / THRESHOLD);
    });
  };
}

import { rollingMoments } from "./rolling-moments.js";

/** Three sigma. */
const THRESHOLD = 3;
/** A constant window has no spread; in favour of the method, no sigma is below this share of the spread of all the past. */
const LEAST_SHARE = 0.01;
/** Nor below this share of the level, where all the past is constant. */
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
    let n = 0;
    let sum = 0;
    let squares = 0;
    const whole = () => Math.sqrt(Math.max(0, squares / n - (sum / n) ** 2));
    return values.map((value, i) => {
      const past = n === 0 ? 0 : whole();
      if (value === value) {
        n++;
        sum += value;
        squares += value * value;
      }
      if (i === 0 || value !== value || count[i - 1] < slots / 2) return Number.NaN;
      const spread = Math.max(std[i - 1], past * LEAST_SHARE, Math.abs(mean[i - 1]) * LEAST_SPREAD, Number.MIN_VALUE);
      return Math.min(1e9, Math.abs(value - mean[i - 1]) / spread / THRESHOLD);
    });
  };
}

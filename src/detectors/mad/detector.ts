import { DAY_MS, HOUR_MS, MINUTE_MS } from "../../time/duration.js";
import { bandDetector } from "../band/band-detector.js";
import { BAND_OPTIONS, limitsOf } from "../band/band-options.js";
import { durationOption } from "../options.js";
import { RollingMedian } from "./rolling-median.js";

const OPTIONS = {
  ...BAND_OPTIONS,
  window: durationOption("the trailing window that median and MAD are of", HOUR_MS, 10 * MINUTE_MS, 2 * DAY_MS),
};

/** The robust rolling z-score: median ± k · 1.4826 · MAD of a trailing window. */
export const mad = bandDetector("mad", OPTIONS, (values) => ({
  historyMs: Math.max(DAY_MS, 2 * values.window),
  limits: limitsOf(values),
  open: ({ stepMs }) => new RollingMedian(stepMs, values.window),
}));

import { DAY_MS, HOUR_MS, WEEK_MS } from "../../time/duration.js";
import { bandDetector } from "../band/band-detector.js";
import { BAND_OPTIONS, limitsOf } from "../band/band-options.js";
import { durationOption } from "../options.js";
import { RollingMoments } from "./rolling-moments.js";

const OPTIONS = {
  ...BAND_OPTIONS,
  window: durationOption("the trailing window that mean and deviation are of", HOUR_MS, 10 * 60_000, 2 * WEEK_MS),
};

/** The rolling z-score: mean ± k standard deviations of a trailing window. */
export const zscore = bandDetector("zscore", OPTIONS, (values) => ({
  historyMs: Math.max(DAY_MS, 2 * values.window),
  limits: limitsOf(values),
  open: ({ stepMs }) => new RollingMoments(stepMs, values.window),
}));

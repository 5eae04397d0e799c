import { DAY_MS, HOUR_MS } from "../../time/duration.js";
import { durationOption } from "../options.js";

/** The options of detectors that refit at fixed clock times. */
export const REFIT_OPTIONS = {
  history: durationOption("the past that a fit sees", 21 * DAY_MS, 2 * DAY_MS, 120 * DAY_MS),
  refit: durationOption("how often it is fitted again, at multiples of this in UTC", DAY_MS, HOUR_MS, 7 * DAY_MS),
};

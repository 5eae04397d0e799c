import { DEFAULT_BOOSTING } from "../../forest/boosting.js";
import { DAY_MS, parseDuration, WEEK_MS } from "../../time/duration.js";
import { bandDetector } from "../band/band-detector.js";
import { BAND_OPTIONS, limitsOf } from "../band/band-options.js";
import { REFIT_OPTIONS } from "../band/refit-options.js";
import { type DetectorOption, durationOption, numberOption, wholeOption } from "../options.js";
import { BoostedForecaster } from "./boosted-forecaster.js";

const lagsOption: DetectorOption<readonly number[]> = {
  help: "lags, + between them",
  default: [DAY_MS, WEEK_MS],
  defaultText: "24h+7d",
  needs: "durations of at most 14d with + between them, such as 24h+7d",
  parse: (text) => {
    try {
      const lags = text.split("+").map(parseDuration);
      return lags.every((lagMs) => lagMs <= 2 * WEEK_MS) ? lags : undefined;
    } catch {
      return undefined;
    }
  },
};

const OPTIONS = {
  ...BAND_OPTIONS,
  ...REFIT_OPTIONS,
  history: durationOption("the past that a fit sees", 2 * WEEK_MS, 2 * DAY_MS, 60 * DAY_MS),
  refit: durationOption(
    "how often trees are grown again, at multiples of this in UTC",
    2 * DAY_MS,
    DAY_MS / 4,
    2 * WEEK_MS,
  ),
  lags: lagsOption,
  trees: wholeOption("trees at the most; later values say when to stop", 60, 1, 300),
  leaves: wholeOption("leaves of a tree at the most", 15, 2, 63),
  rate: numberOption("what each tree may move the forecast by", 0.1, 0.01, 1),
};

/** Gradient-boosted trees over lags, rolling means and the calendar, one slot ahead. */
export const boosted = bandDetector("boosted", OPTIONS, (values) => ({
  historyMs: values.history + Math.max(...values.lags),
  limits: limitsOf(values),
  open: ({ stepMs, timezone }) =>
    new BoostedForecaster(stepMs, timezone, {
      historyMs: values.history,
      everyMs: values.refit,
      lagsMs: values.lags,
      boosting: { ...DEFAULT_BOOSTING, trees: values.trees, leaves: values.leaves, rate: values.rate },
    }),
}));

import { type ProphetHolidays, prophetForecast } from "../../augurs/prophet.js";
import { DAY_MS, HOUR_MS, WEEK_MS } from "../../time/duration.js";
import { bandDetector } from "../band/band-detector.js";
import { BAND_OPTIONS, limitsOf } from "../band/band-options.js";
import { BUCKET_OPTIONS } from "../band/bucket-options.js";
import { RefitForecaster } from "../band/refit-forecaster.js";
import { REFIT_OPTIONS } from "../band/refit-options.js";
import { choiceOption, numberOption, wholeOption } from "../options.js";

const YEAR_MS = 365.25 * DAY_MS;

/** Four Fourier terms of a day say nothing of what is shorter than three hours, and the time of a fit grows with the points. */
const GRID_MS = HOUR_MS;

const OPTIONS = {
  ...BAND_OPTIONS,
  ...REFIT_OPTIONS,
  interval: numberOption(
    "the band holds this share of the errors on values that no fit has seen, as Prophet's interval_width; 0: k usual distances",
    0,
    0,
    0.999,
  ),
  growth: choiceOption("the trend: piecewise linear, or none", "linear", ["linear", "flat"]),
  changepoints: wholeOption("places where the trend may bend", 25, 0, 100),
  flexibility: numberOption("how easily it bends: Prophet's changepoint_prior_scale", 0.05, 0.001, 10),
  daily: wholeOption("Fourier terms of the day; 0: no such season", 4, 0, 50),
  weekly: wholeOption("Fourier terms of the week, once two weeks were seen; 0: no such season", 3, 0, 50),
  yearly: wholeOption("Fourier terms of the year, once two years were seen; 0: no such season", 10, 0, 50),
  holidays: BUCKET_OPTIONS.holidays,
};

/**
 * Prophet: a trend that bends and Fourier seasons, fitted again at fixed clock times and never within a scrape. The band is made of its errors on values
 * it had not seen, so it is the same every time.
 */
export const prophet = bandDetector("prophet", OPTIONS, (values) => {
  const days = [...values.holidays].map((day) => day * DAY_MS).sort((a, b) => a - b);
  return {
    historyMs: values.history,
    // Edges that are quantiles are where an alarm begins.
    limits: values.interval > 0 ? { ...limitsOf(values), k: 1 } : limitsOf(values),
    open: ({ stepMs }) =>
      new RefitForecaster(stepMs, {
        words: "value against Prophet's forecast",
        historyMs: values.history,
        everyMs: values.refit,
        interval: values.interval,
        leastMs: 2 * DAY_MS,
        gridMs: GRID_MS,
        fit: (history, slots) => {
          const spanMs = history.values.length * history.stepMs;
          const endMs = history.startMs + spanMs;
          // A holiday that the history does not hold has no effect that could be known.
          const seen = days.filter((day) => day >= history.startMs && day < endMs);
          const holidays: ProphetHolidays[] =
            seen.length === 0
              ? []
              : [{ name: "holidays", daysMs: days.filter((day) => day < endMs + 2 * values.refit) }];
          return prophetForecast(history, slots, {
            growth: values.growth,
            changepoints: values.changepoints,
            changepointPriorScale: values.flexibility,
            daily: values.daily,
            weekly: spanMs >= 2 * WEEK_MS ? values.weekly : 0,
            yearly: spanMs >= 2 * YEAR_MS ? values.yearly : 0,
            holidays,
          });
        },
      }),
  };
});

import { mstl } from "../../augurs/mstl.js";
import { DAY_MS, MINUTE_MS, WEEK_MS } from "../../time/duration.js";
import { bandDetector } from "../band/band-detector.js";
import { BAND_OPTIONS, limitsOf } from "../band/band-options.js";
import { RefitForecaster, type RefitHistory } from "../band/refit-forecaster.js";
import { REFIT_OPTIONS } from "../band/refit-options.js";
import { choiceOption } from "../options.js";

/** Seasons of a day need no finer points, and the time of a fit grows with them. */
const GRID_MS = 30 * MINUTE_MS;

const OPTIONS = {
  ...BAND_OPTIONS,
  ...REFIT_OPTIONS,
  week: choiceOption("a season of the week beside that of the day: auto, once two weeks were seen", "auto", [
    "auto",
    "off",
  ]),
};

/** Seasonal-trend decomposition (STL, with several seasons MSTL): what the seasons and the trend lead to. */
export const stl = bandDetector("stl", OPTIONS, (values) => ({
  historyMs: values.history,
  limits: limitsOf(values),
  open: ({ stepMs }) =>
    new RefitForecaster(stepMs, {
      words: "value against seasons and trend",
      historyMs: values.history,
      everyMs: values.refit,
      leastMs: 2 * DAY_MS,
      gridMs: GRID_MS,
      fit: (history, slots) => mstl(history.values, periodsOf(history, values.week === "auto"), slots)?.forecast,
    }),
}));

/** A day, and a week where there are two of it, in slots. */
function periodsOf({ values, stepMs }: RefitHistory, withWeek: boolean): readonly number[] {
  const day = Math.max(2, Math.round(DAY_MS / stepMs));
  const week = Math.round(WEEK_MS / stepMs);
  return withWeek && values.length > 2 * week ? [day, week] : [day];
}

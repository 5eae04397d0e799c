import { mstl } from "../../augurs/mstl.js";
import { DAY_MS, MINUTE_MS, WEEK_MS } from "../../time/duration.js";
import { choiceOption } from "../options.js";
import { RefitForecaster, type RefitHistory } from "./refit-forecaster.js";
import { REFIT_OPTIONS } from "./refit-options.js";

/** Seasons of a day need no finer points, and the time of a fit grows with them. */
const GRID_MS = 30 * MINUTE_MS;

/** The options of detectors that take seasons and trend apart. */
export const MSTL_OPTIONS = {
  ...REFIT_OPTIONS,
  week: choiceOption("a season of the week beside that of the day: auto, once two weeks were seen", "auto", [
    "auto",
    "off",
  ]),
};

/** What the seasons and the trend lead to, by Loess (STL, with several seasons MSTL). */
export function mstlForecaster(
  stepMs: number,
  { history, refit, week }: { readonly history: number; readonly refit: number; readonly week: "auto" | "off" },
): RefitForecaster {
  return new RefitForecaster(stepMs, {
    words: "value against seasons and trend",
    historyMs: history,
    everyMs: refit,
    leastMs: 2 * DAY_MS,
    gridMs: GRID_MS,
    fit: (past, slots) => mstl(past.values, periodsOf(past, week === "auto"), slots)?.forecast,
  });
}

/** A day, and a week where there are two of it, in slots. */
function periodsOf({ values, stepMs }: RefitHistory, withWeek: boolean): readonly number[] {
  const day = Math.max(2, Math.round(DAY_MS / stepMs));
  const week = Math.round(WEEK_MS / stepMs);
  return withWeek && values.length > 2 * week ? [day, week] : [day];
}

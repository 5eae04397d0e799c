import { DAY_MS, HOUR_MS, MINUTE_MS, WEEK_MS } from "../../time/duration.js";
import { bandDetector } from "../band/band-detector.js";
import { BAND_OPTIONS, limitsOf } from "../band/band-options.js";
import { durationOption, numberOption } from "../options.js";
import { HoltWinters } from "./holt-winters.js";

const OPTIONS = {
  ...BAND_OPTIONS,
  season: durationOption("length of the season", DAY_MS, HOUR_MS, WEEK_MS),
  level: durationOption("how far back the level remembers", 2 * HOUR_MS, MINUTE_MS, WEEK_MS),
  trend: durationOption("how far back the trend remembers", 4 * DAY_MS, HOUR_MS, 30 * DAY_MS),
  seasonal: numberOption("how far a turn of the season moves it, 0 to 1", 0.3, 0, 1),
};

/** Additive Holt-Winters smoothing, slot by slot. */
export const holtwinters = bandDetector("holtwinters", OPTIONS, (values) => ({
  // What was before has faded to less than a thousandth by then.
  historyMs: Math.max(7 * values.level, 2 * values.trend, 14 * values.season),
  limits: limitsOf(values),
  open: ({ stepMs }) => {
    const share = (memoryMs: number) => 1 - Math.exp(-stepMs / memoryMs);
    const smoothing = { level: share(values.level), trend: share(values.trend), season: values.seasonal };
    return new HoltWinters(Math.round(values.season / stepMs), smoothing);
  },
}));

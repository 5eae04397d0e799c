import { UsageError } from "../../errors/errors.js";
import { DAY_MS } from "../../time/duration.js";
import { bandDetector } from "../band/band-detector.js";
import { numberOption } from "../options.js";
import { FixedLimits } from "./fixed-limits.js";

const OPTIONS = {
  low: numberOption(
    "values below are an alarm; -Infinity: none",
    Number.NEGATIVE_INFINITY,
    Number.NEGATIVE_INFINITY,
    Number.POSITIVE_INFINITY,
  ),
  high: numberOption(
    "values above are an alarm; Infinity: none",
    Number.POSITIVE_INFINITY,
    Number.NEGATIVE_INFINITY,
    Number.POSITIVE_INFINITY,
  ),
};

/**
 * Thresholds that people have set, as a detector: with episodes, pictures and alerts like any other. Without any limit only silences and stalls
 * are alarms.
 */
export const fixed = bandDetector("static", OPTIONS, ({ low, high }) => {
  if (low >= high) throw new UsageError("set", `static.low (${low}) must be below static.high (${high})`);
  return {
    historyMs: DAY_MS,
    limits: { k: 1, beyond: 0 },
    open: ({ stepMs }) => new FixedLimits(stepMs, low, high),
  };
});

import { UsageError } from "../../errors/errors.js";
import { bandDetector } from "../band/band-detector.js";
import { limitsOf } from "../band/band-options.js";
import type { Detector } from "../kind.js";
import { readOptions } from "../options.js";
import { formatSpec } from "../spec.js";
import { BoostedForecaster } from "./boosted-forecaster.js";
import { decodeFamily, encodeFamily } from "./family/codec.js";
import type { BoostedFamily } from "./family/learned.js";
import { openFamily } from "./family/open.js";
import { boostingOf, OPTIONS } from "./options.js";

/** Gradient-boosted trees over lags, rolling means and the calendar, one slot ahead: for each series, or the same for all. */
export const boosted = configured({});

function configured(set: Readonly<Record<string, string>>): Detector {
  const detector = readOptions("boosted", OPTIONS, set).scope === "family" ? ofFamily(set) : ofSeries(set);
  return { ...detector, configure: configured };
}

/** Grown again and again as a series scores. */
function ofSeries(set: Readonly<Record<string, string>>): Detector {
  const detector = bandDetector("boosted", OPTIONS, (values) => ({
    historyMs: values.history + Math.max(...values.lags),
    limits: limitsOf(values),
    open: ({ stepMs, timezone }) =>
      new BoostedForecaster(stepMs, timezone, {
        historyMs: values.history,
        everyMs: values.refit,
        lagsMs: values.lags,
        boosting: boostingOf(values),
      }),
  }));
  return detector.configure?.(set) ?? detector;
}

/** Grown once, by `train`. */
function ofFamily(set: Readonly<Record<string, string>>): Detector {
  const stray = ["history", "refit"].find((option) => set[option] !== undefined);
  if (stray !== undefined) {
    throw new UsageError(
      "set",
      `boosted.${stray} is an option of scope=series; with scope=family train says what is seen`,
    );
  }
  const values = readOptions("boosted", OPTIONS, set);
  const limits = limitsOf(values);
  const detector: Detector<BoostedFamily> = {
    name: formatSpec({ name: "boosted", set }),
    options: OPTIONS,
    loadFit: async () =>
      (await import("./fit/boosted-fit.js")).boostedFit({ lagsMs: values.lags, boosting: boostingOf(values) }),
    divisorOf: () => null,
    open: (learned, inventory, settings) => openFamily(learned, inventory, limits, settings),
    encode: encodeFamily,
    decode: decodeFamily,
  };
  return detector as Detector;
}

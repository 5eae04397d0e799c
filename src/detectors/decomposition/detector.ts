import { DAY_MS, WEEK_MS } from "../../time/duration.js";
import { BAND_OPTIONS, limitsOf } from "../band/band-options.js";
import { BandScorer } from "../band/band-scorer.js";
import { MSTL_OPTIONS, mstlForecaster } from "../band/mstl-forecaster.js";
import { dividedDetector } from "../divided.js";
import type { Detector, DetectorSettings } from "../kind.js";
import { learnsAsItScores } from "../machine/as-it-scores.js";
import { numberOption, type OptionValues, readOptions, wholeOption } from "../options.js";
import { formatSpec } from "../spec.js";
import { DecompositionScorer } from "./decomposition-scorer.js";
import { IsolationWatch } from "./isolation-watch.js";
import { LevelWatch } from "./level-watch.js";

const OPTIONS = {
  ...BAND_OPTIONS,
  ...MSTL_OPTIONS,
  extension: wholeOption(
    "coordinates beside the first that a cut of the forest may slant in; 0: the plain isolation forest",
    3,
    0,
    3,
  ),
  trees: wholeOption("trees of the forest", 64, 10, 500),
  sample: wholeOption("remainders that a tree is grown of", 128, 32, 512),
  isolation: numberOption("times sooner set apart than an average slot that is an alarm, at the least", 1.6, 1, 10),
  beyond: numberOption("how many times what ordinary slots of the week reach is an alarm", 1.25, 1, 100),
  level: numberOption("change of the level that is an alarm, in spreads of the remainder, at the least", 3, 1, 100),
};

/** Seasons and trend taken away (MSTL), what is left watched by an extended isolation forest and for changes of its level. */
export const decomposition = configured({});

function configured(set: Readonly<Record<string, string>>): Detector {
  const values = readOptions("decomposition", OPTIONS, set);
  return {
    name: formatSpec({ name: "decomposition", set }),
    options: OPTIONS,
    configure: configured,
    divisorOf: () => null,
    open: (_, __, settings) =>
      dividedDetector(
        learnsAsItScores(
          settings.stepMs,
          settings.silenceAfterMs ?? undefined,
          values.history + 2 * WEEK_MS,
          opener(values, settings),
        ),
        settings.divisor,
      ),
  };
}

function opener(values: OptionValues<typeof OPTIONS>, { stepMs, timezone, silenceAfterMs }: DetectorSettings) {
  const { extension, trees, sample, beyond } = values;
  const limits = limitsOf(values);
  return () => {
    const forecaster = mstlForecaster(stepMs, values);
    return new DecompositionScorer(
      stepMs,
      forecaster,
      new BandScorer(stepMs, forecaster, limits, silenceAfterMs ?? undefined),
      new IsolationWatch(
        stepMs,
        { historyMs: Math.max(2 * DAY_MS, values.history), everyMs: values.refit },
        { least: values.isolation, beyond },
        { extension, trees, sample, seed: 1 },
      ),
      new LevelWatch(stepMs, timezone, { least: values.level, beyond: limits.beyond > 0 ? limits.beyond : 1 }),
    );
  };
}

import { WEEK_MS } from "../../time/duration.js";
import type { FittedDetector } from "../detector.js";
import { dividedDetector } from "../divided.js";
import type { Detector, DetectorSettings } from "../kind.js";
import { learnsAsItScores } from "../machine/as-it-scores.js";
import { numberOption, readOptions } from "../options.js";
import { formatSpec } from "../spec.js";
import { type PatternLimits, PatternScorer } from "./pattern-scorer.js";

const OPTIONS = {
  vigilance: numberOption(
    "least match of a window with a shape that it belongs to: higher tells more shapes apart",
    0.9,
    0.5,
    0.99,
  ),
  least: numberOption("distance from the nearest shape (0 to 1) that is an alarm, at the least", 0.03, 0.001, 1),
  beyond: numberOption("how many times what ordinary windows of four weeks reach is an alarm", 1.5, 1, 100),
  record: numberOption("how many times as far from the median as in four weeks is an alarm", 1.1, 1, 100),
};

/** Shape novelty: a course that matches no earlier one, and values beyond the range of four weeks. */
export const pattern = configured({});

function configured(set: Readonly<Record<string, string>>): Detector {
  const limits = readOptions("pattern", OPTIONS, set);
  return {
    name: formatSpec({ name: "pattern", set }),
    options: OPTIONS,
    configure: configured,
    divisorOf: () => null,
    open: (_, __, settings) => dividedDetector(opened(limits, settings), settings.divisor),
  };
}

function opened(limits: PatternLimits, { stepMs, silenceAfterMs }: DetectorSettings): FittedDetector {
  const silence = silenceAfterMs ?? undefined;
  return learnsAsItScores(stepMs, silence, 5 * WEEK_MS, () => new PatternScorer(stepMs, limits, silence));
}

import { DAY_MS } from "../../time/duration.js";
import type { FittedDetector, SeriesKnowledge } from "../detector.js";
import { ScorerByClass, type ValueScorer } from "./by-class.js";
import { leastSilenceSlots } from "./run-watch.js";

/**
 * A detector that needs no fitting: all it knows of a series it learns as it scores, and it is ready after a day.
 *
 * @param silenceAfterMs no value for so long is a silence; undefined: by each series' own gaps.
 * @param historyMs past after which a scorer says what one that never stopped would. @param open a scorer that has seen nothing yet.
 */
export function learnsAsItScores(
  stepMs: number,
  silenceAfterMs: number | undefined,
  historyMs: number,
  open: () => ValueScorer,
): FittedDetector {
  // For what is said of a series that has no value just now.
  const known: SeriesKnowledge = { silenceSlots: leastSilenceSlots(stepMs, silenceAfterMs) };
  return {
    stepMs,
    warmUpMs: DAY_MS,
    describesAfterMs: 0,
    learnedOf: () => known,
    describe: () => known,
    usualOf: () => 0,
    historyMs,
    open: () => new ScorerByClass(stepMs, open),
  };
}

import { DAY_MS } from "../../time/duration.js";
import type { FittedDetector, SeriesKnowledge } from "../detector.js";
import { ScorerByClass } from "../machine/by-class.js";
import { leastSilenceSlots } from "../machine/run-watch.js";
import { DEFAULT_RESIDUAL, type ResidualOptions } from "./options.js";
import { ResidualScorer } from "./residual-scorer.js";

/**
 * The detector for series that no model knows: it needs no fitting, only the series' own past, and is ready after a day.
 *
 * @param stepMs the grid of the series it will be given.
 * @param timezone whose clock people keep: the same hour of another day is taken by it.
 */
export function residualDetector(
  stepMs: number,
  timezone = "UTC",
  options: ResidualOptions = DEFAULT_RESIDUAL,
): FittedDetector {
  // All else it learns of a series as it scores; this is for what is said of one that has no value just now.
  const known: SeriesKnowledge = { silenceSlots: leastSilenceSlots(stepMs, options.silenceAfterMs) };
  return {
    stepMs,
    warmUpMs: DAY_MS,
    describesAfterMs: 0,
    learnedOf: () => known,
    describe: () => known,
    usualOf: () => 0,
    // The season, and the week that scales and tails look back on. What the series has known before fades with the weeks.
    historyMs: (Math.max(...options.seasonDays) + 7) * DAY_MS,
    open: () => new ScorerByClass(stepMs, () => new ResidualScorer(stepMs, timezone, options)),
  };
}

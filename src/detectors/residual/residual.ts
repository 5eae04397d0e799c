import { DAY_MS } from "../../time/duration.js";
import type { FittedDetector } from "../detector.js";
import { learnsAsItScores } from "../machine/as-it-scores.js";
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
  // The season, and the week that scales and tails look back on. What the series has known before fades with the weeks.
  const historyMs = (Math.max(...options.seasonDays) + 7) * DAY_MS;
  return learnsAsItScores(
    stepMs,
    options.silenceAfterMs,
    historyMs,
    () => new ResidualScorer(stepMs, timezone, options),
  );
}

import { parseThreshold, type Threshold } from "../detectors/threshold.js";
import { UsageError } from "../errors/errors.js";
import { WEEK_MS } from "../time/duration.js";
import type { OptionsOf } from "./options/table.js";

/**
 * The threshold that `--threshold` or `--max-episodes` asks for; undefined where neither is given.
 *
 * @throws UsageError where both are, for they contradict each other.
 */
export function askedThreshold(
  options: Pick<OptionsOf<"infer" | "backtest">, "threshold" | "maxEpisodes">,
  origins: { readonly threshold: string },
): Threshold | undefined {
  const isGiven = origins.threshold !== "default";
  if (options.maxEpisodes === undefined) return isGiven ? parseThreshold(options.threshold) : undefined;
  if (isGiven) {
    throw new UsageError(
      "threshold",
      "--max-episodes and --threshold both say where the threshold lies; give one of them",
    );
  }
  return { kind: "budget", episodes: options.maxEpisodes, perMs: WEEK_MS };
}

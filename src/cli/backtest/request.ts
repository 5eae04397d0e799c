import type { BacktestInput } from "../../evaluate/backtest-input.js";
import type { BacktestResult } from "../../evaluate/run-backtest.js";
import { thousands } from "../../wording/count.js";
import type { CommandContext } from "../commands/spec.js";

/** What a replay is made of and where it goes. */
export interface BacktestRequest {
  readonly inputs: readonly BacktestInput[];
  readonly folder: string;
  readonly beganMs: number;
}

/** How many slots there are, in words. */
export function slotsOf(inputs: readonly BacktestInput[]): string {
  return thousands(inputs.reduce((sum, { series }) => sum + series.values.length, 0));
}

/** Says which series a detector could not score. */
export function warnOfUnscored(
  { log }: CommandContext<"backtest">,
  results: readonly BacktestResult[],
  detector: string,
): void {
  const unscored = results.filter(({ ranking }) => !(ranking.unscoredShare < 1));
  if (unscored.length === 0) return;
  log.warn(
    `${unscored[0].input.name} was not scored at all: its history after the warm-up is too short for --detector ${detector}` +
      (unscored.length > 1 ? ` (and ${unscored.length - 1} more)` : ""),
  );
}

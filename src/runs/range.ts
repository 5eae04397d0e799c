import { UsageError } from "../errors/errors.js";
import type { TimeRange } from "../series/series.js";
import type { RangeSpec } from "./job.js";
import { checkOrder, moment } from "./moments.js";

export interface RangeContext {
  /** What is "now" for the source. */
  readonly sourceNowMs: number;
  readonly wallClockMs: number;
  readonly timezone: string;
}

/**
 * What is reported: `[--from, --until)`, else the `--lookback` before `--at`, else before now. Nothing after `--at` is looked
 * at, so a moment in the past gives what a run at that moment would have given.
 */
export function reportedRange(options: RangeSpec, context: RangeContext): TimeRange {
  if (options.at !== undefined && options.until !== undefined) {
    throw new UsageError("range", "--at and --until both say where to end; give one of them");
  }
  const instant = { nowMs: context.wallClockMs, timezone: context.timezone };
  const endMs = moment("--until", options.until, instant) ?? moment("--at", options.at, instant) ?? context.sourceNowMs;
  const fromMs = moment("--from", options.from, instant);
  checkOrder(fromMs, endMs);
  return { startMs: fromMs ?? endMs - options.lookback, endMs };
}

import type { FittedDetector } from "../detectors/detector.js";
import { knowledgeWithout } from "../detectors/leaving-out.js";
import type { Series, TimeRange } from "../series/series.js";
import { traceSeries } from "./trace.js";

/** Expected value and band of the slots of a range; NaN where they are not known. */
export interface Band {
  readonly expected: Float64Array;
  readonly lower: Float64Array;
  readonly upper: Float64Array;
}

/**
 * The band that a detector draws around a series, for pictures and context.
 *
 * @param series with `detector.historyMs` of history before the range; its step must be the detector's.
 * @param leftOut spans from which nothing is learned.
 * @returns undefined for a series of another step.
 */
export function bandOf(
  detector: FittedDetector,
  series: Series,
  range: TimeRange,
  leftOut: readonly TimeRange[] = [],
): Band | undefined {
  if (series.stepMs !== detector.stepMs) return undefined;
  const trace = traceSeries(detector, knowledgeWithout(leftOut, detector, series), series, range.endMs);
  const first = Math.max(0, Math.floor((range.startMs - series.startMs) / series.stepMs));
  return {
    expected: trace.expected.subarray(first),
    lower: trace.lower.subarray(first),
    upper: trace.upper.subarray(first),
  };
}

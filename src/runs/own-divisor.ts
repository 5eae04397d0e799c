import type { LeftOutOf } from "../anomalies/detect-request.js";
import type { FittedDetector } from "../detectors/detector.js";
import { type Threshold, thresholdLevel } from "../detectors/threshold.js";
import { InputError } from "../errors/errors.js";
import { exclude } from "../series/exclude.js";
import type { TimeRange } from "../series/series.js";
import type { FetchResult } from "../sources/source.js";
import type { OwnDivisor } from "../store/memory.js";
import type { Turns } from "../threads/turns.js";
import { DAY_MS } from "../time/duration.js";
import { formatUtc } from "../time/format.js";

interface OwnPast {
  readonly untilMs: number;
  /** Past that the detector needs before the days that are counted. */
  readonly historyMs: number;
  readonly remembered: OwnDivisor | undefined;
  readonly fetch: (range: TimeRange) => Promise<FetchResult>;
  /** At its own threshold. */
  readonly detector: FittedDetector;
  /** Spans of a series that do not count. Default: none. */
  readonly leftOutOf?: LeftOutOf;
  readonly turns: Turns;
}

/**
 * Where a threshold lies on the scores of a detector that calibrates itself: read from the past of all series up to the last midnight
 * (UTC), as `backtest` reads it, and remembered for the day.
 *
 * @throws InputError where the past is too short for a percentile.
 */
export async function ownDivisor(threshold: Threshold, past: OwnPast): Promise<OwnDivisor> {
  const { untilMs, historyMs, remembered, fetch, detector, leftOutOf, turns } = past;
  const level = thresholdLevel(threshold);
  const dayMs = Math.floor(untilMs / DAY_MS) * DAY_MS;
  const day = formatUtc(dayMs).slice(0, 10);
  if (remembered?.level === level && remembered.day === day) return remembered;
  // Only with a threshold of one's own is any of this needed.
  const { COUNTED_MS, ownThresholds } = await import("../evaluate/own-thresholds.js");
  const { series } = await fetch({ startMs: dayMs - COUNTED_MS - historyMs, endMs: dayMs });
  const onStep = series
    .filter(({ stepMs }) => stepMs === detector.stepMs)
    .map((one) => exclude(one, leftOutOf?.(one) ?? []));
  const [own] = await turns.drive(ownThresholds(onStep, [dayMs], () => detector, threshold));
  if (own === undefined) {
    throw new InputError(
      "threshold",
      `the past of these series does not show yet where ${level} is: at least seven days of scored series are needed; leave the threshold out until then`,
    );
  }
  return { level, day, value: own.divisor };
}

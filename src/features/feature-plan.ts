import { DAY_MS, HOUR_MS } from "../time/duration.js";

/** Which past each feature looks at. Part of the model: the same plan builds the rows for fitting and for scoring. */
export interface FeaturePlan {
  readonly stepMs: number;
  /** Rolling windows, shortest first; the first is the anchor. */
  readonly windowsMs: readonly number[];
  readonly lagsMs: readonly number[];
  /** IANA zone whose clock the hour and the weekday follow. */
  readonly timezone: string;
}

const WINDOWS_MS = [HOUR_MS, 6 * HOUR_MS, DAY_MS];
const LAGS_MS = [DAY_MS, 3 * DAY_MS];
const WEEK_LAG_MS = 7 * DAY_MS;
/** One week would teach that last week repeats from a single example; two weeks are the least that can support it. */
const HISTORY_FOR_WEEK_MS = 15 * DAY_MS;

/** Windows 1 h, 6 h, 24 h; lags 24 h, 72 h, and 7 d where the history supports a week's season. */
export function planFeatures(stepMs: number, historyMs: number, timezone: string): FeaturePlan {
  const lagsMs = historyMs >= HISTORY_FOR_WEEK_MS ? [...LAGS_MS, WEEK_LAG_MS] : LAGS_MS;
  return { stepMs, windowsMs: WINDOWS_MS, lagsMs, timezone };
}

/** Slots of a duration, at least `least`: windows shorter than that have no spread to speak of. */
export function slotsOf(durationMs: number, stepMs: number, least: number): number {
  return Math.max(least, Math.round(durationMs / stepMs));
}

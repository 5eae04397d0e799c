import { DAY_MS, HOUR_MS, MINUTE_MS } from "../../time/duration.js";

/**
 * What the residual detector looks at. All windows are in slots where they follow the shape of an incident (a handful of
 * points), and durations where they follow the clock.
 *
 * The defaults were chosen on the development sets of web-service and operations metrics at one and five minutes
 * (docs/detection.md has the sweep and what did not work); none of them was chosen for a series.
 */
export interface ResidualOptions {
  /** Medians of this many slots before are what a slot is compared with, shortest first. */
  readonly medianSlots: readonly number[];
  /** Means of this many newest residuals (of the longest median): small deviations that last. */
  readonly meanSlots: readonly number[];
  /** The longest comparison: the median of the seasonal residual over this long. */
  readonly levelMs: number;
  /** Days whose same time forms the season. A week ago only counts once it was seen. */
  readonly seasonDays: readonly number[];
  /** A residual is scaled by its median size over this long … */
  readonly scaleMs: number;
  /** … mixed with that of this much shorter time, to this share (0–1), in logarithms. */
  readonly localScaleMs: number;
  readonly localShare: number;
  /** No scale is below this share of the 90 % residual of the week: a still hour must not make a ripple news. */
  readonly scaleFloor: number;
  /** The tail: this quantile of block maxima over this long is what ordinary noise reaches. */
  readonly tailMs: number;
  readonly blockMs: number;
  readonly tailQuantile: number;
  /** Share (0–1) of the blocks that may be held back as incidents; beyond it they are the new normal. */
  readonly heldBackShare: number;
  /** How many times the ordinary tail is an alarm: this is where score 1 lies. */
  readonly alarmAt: number;
  /** An incident is kept out of the memory for so long, then it is the new normal. */
  readonly adoptMs: number;
  /** A jump within this time of an alarm the other way, and back to the usual, is no alarm. */
  readonly returnMs: number;
  readonly returnScales: number;
  /** A series is sparse once this share of its values is one and the same value. */
  readonly sparseShare: number;
  /** Of a sparse series: quantile of 10-minute maxima over 14 days, and how many times it is an alarm. */
  readonly sparseQuantile: number;
  readonly sparseAlarmAt: number;
}

export const DEFAULT_RESIDUAL: ResidualOptions = {
  medianSlots: [5, 15, 60],
  meanSlots: [2, 4, 8],
  levelMs: DAY_MS,
  seasonDays: [1, 2, 3, 7],
  scaleMs: 3 * DAY_MS,
  localScaleMs: HOUR_MS,
  localShare: 0.25,
  scaleFloor: 0.05,
  tailMs: 7 * DAY_MS,
  blockMs: 5 * MINUTE_MS,
  tailQuantile: 0.99,
  heldBackShare: 0.04,
  alarmAt: 2.95,
  adoptMs: HOUR_MS / 2,
  returnMs: 3 * HOUR_MS,
  returnScales: 5,
  sparseShare: 0.6,
  sparseQuantile: 0.995,
  sparseAlarmAt: 1.9,
};

import { DAY_MS, HOUR_MS, MINUTE_MS } from "../../time/duration.js";
import { DEFAULT_SPARSE, type SparseOptions } from "../machine/sparse-path.js";
import type { Window } from "../machine/window.js";

/** What the residual detector looks at. All windows are durations; where a handful of values is needed they hold this many at least. */
export interface ResidualOptions extends SparseOptions {
  /** A slot is compared with the medians of these windows before it, shortest first. */
  readonly medians: readonly Window[];
  /** The mean of this many newest residuals (of the longest median): small deviations that last. */
  readonly meanSlots: number;
  /** The longest comparison: the median of the seasonal residual over this long. */
  readonly levelMs: number;
  /** Days whose same time forms the season. A week ago only counts once it was seen. */
  readonly seasonDays: readonly number[];
  /** A residual is scaled by its median size over this long … */
  readonly scaleMs: number;
  /** … mixed with that of this much shorter time, to a quarter, in logarithms. */
  readonly localScaleMs: number;
  /** No scale is below this share of the 90 % residual of the week: a still hour must not make a ripple news. */
  readonly scaleFloor: number;
  /** The tail: this quantile of block maxima over this long is what ordinary noise reaches. */
  readonly tailMs: number;
  readonly blockMs: number;
  readonly tailQuantile: number;
  /** Share (0–1) of the blocks that may be held back as incidents; beyond it they are the new normal. */
  readonly heldBackShare: number;
  /** How many times the ordinary tail is an alarm at steps of one minute: this is where score 1 lies. */
  readonly alarmAt: number;
  /** It falls with the step to this power: averages over more time have shorter tails. */
  readonly alarmPower: number;
  /** What came on other days within this long of the same time counts as the same. */
  readonly recurrenceMs: number;
  /** An incident is kept out of the memory for so long, then it is the new normal. */
  readonly adoptMs: number;
  /** A jump within this time of an alarm the other way, and back to the usual, is no alarm. */
  readonly returnMs: number;
  readonly returnScales: number;
  /** No value for this long is a silence, whatever the series' own gaps were like; absent: twice its longest gap. */
  readonly silenceAfterMs?: number;
}

export const DEFAULT_RESIDUAL: ResidualOptions = {
  medians: [
    { ms: 5 * MINUTE_MS, leastSlots: 3 },
    { ms: 15 * MINUTE_MS, leastSlots: 5 },
    { ms: HOUR_MS, leastSlots: 8 },
    { ms: 3 * HOUR_MS, leastSlots: 12 },
  ],
  meanSlots: 8,
  levelMs: DAY_MS,
  seasonDays: [1, 2, 3, 7],
  scaleMs: 3 * DAY_MS,
  localScaleMs: HOUR_MS,
  scaleFloor: 0.05,
  tailMs: 7 * DAY_MS,
  blockMs: 5 * MINUTE_MS,
  tailQuantile: 0.99,
  heldBackShare: 0.04,
  alarmAt: 2.95,
  alarmPower: 0.115,
  recurrenceMs: 20 * MINUTE_MS,
  adoptMs: HOUR_MS / 2,
  returnMs: 3 * HOUR_MS,
  returnScales: 5,
  ...DEFAULT_SPARSE,
};

/** Where score 1 lies at a step. */
export function alarmAtStep(stepMs: number, { alarmAt, alarmPower }: ResidualOptions): number {
  return alarmAt * Math.min(1, Math.max(COARSEST, MINUTE_MS / stepMs)) ** alarmPower;
}

/** Steps coarser than five minutes are judged as these. */
const COARSEST = 0.2;

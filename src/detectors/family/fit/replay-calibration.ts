import { historySlots, type View } from "../../../features/feature-machine.js";
import type { FeaturePlan } from "../../../features/feature-plan.js";
import type { Forest } from "../../../forest/forest.js";
import { exclude } from "../../../series/exclude.js";
import type { TimeRange } from "../../../series/series.js";
import { type StoredSeries, takeSlots } from "../../../shelf/stored-series.js";
import { emptySlot } from "../../detector.js";
import { type Divisors, FamilyScorer, openForests } from "../family.js";
import type { SeriesProfile } from "../profile.js";

/** What all parts of a calibration step need. */
export interface CalibrationShared {
  readonly series: readonly StoredSeries[];
  readonly exclude: readonly TimeRange[];
  readonly profiles: readonly SeriesProfile[];
  readonly plan: FeaturePlan;
  readonly forests: Readonly<Record<View, Forest>>;
  readonly divisors: Divisors;
  /** First moment that the forests have not seen. */
  readonly fromMs: number;
  readonly untilMs: number;
}

/** Series `from … until - 1`. */
export interface SeriesPart {
  readonly from: number;
  readonly until: number;
}

export interface Seen {
  readonly timeMs: number;
  readonly values: Float64Array;
  readonly index: number;
  readonly spread: number;
  readonly scorer: FamilyScorer;
  readonly slot: ReturnType<typeof emptySlot>;
}

/** Replays one series, by its number, without some ranges of its own; shows each slot of the days that the forests have not seen. */
export type ReplayOne = (series: number, without: readonly TimeRange[], see: (seen: Seen) => void) => void;

/**
 * Replays the days that the forests have not seen by the very machine that will score live, series by series, after as much
 * history as it needs. Of each series only these slots are loaded.
 */
export function openReplay(shared: CalibrationShared): ReplayOne {
  const { plan, divisors, fromMs, untilMs } = shared;
  const scoring = openForests(shared.forests);
  const historyMs = historySlots(plan) * plan.stepMs;
  return (number, without, see) => {
    const stored = shared.series[number];
    const profile = shared.profiles[number];
    const first = Math.max(0, Math.floor((fromMs - historyMs - stored.startMs) / stored.stepMs));
    const last = Math.min(stored.length, Math.ceil((untilMs - stored.startMs) / stored.stepMs));
    const slots = takeSlots(stored, first, Math.max(first, last));
    const { startMs, stepMs, values } = exclude(slots, [...shared.exclude, ...without]);
    const scorer = new FamilyScorer(plan, scoring, divisors, profile);
    const slot = emptySlot();
    const { spread } = profile;
    for (let index = 0; index < values.length; index++) {
      const timeMs = startMs + index * stepMs;
      scorer.push(timeMs, values[index], slot);
      if (timeMs >= fromMs && !slot.warming) see({ timeMs, values, index, spread, scorer, slot });
    }
  };
}

/** Does `work` for each series of a part. */
export function eachOf<T>({ from, until }: SeriesPart, work: (series: number) => T): T[] {
  return Array.from({ length: until - from }, (_, i) => work(from + i));
}

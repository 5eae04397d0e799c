import { emptySlot } from "../detectors/detector.js";
import { type Divisors, FamilyScorer, openForests } from "../detectors/family.js";
import type { SeriesProfile } from "../detectors/profile.js";
import { historySlots, type View } from "../features/feature-machine.js";
import type { FeaturePlan } from "../features/feature-plan.js";
import type { Forest } from "../forest/forest.js";
import { exclude } from "../series/exclude.js";
import type { TimeRange } from "../series/series.js";
import { type StoredSeries, takeSlots } from "../shelf/stored-series.js";

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

/**
 * Replays the days that the forests have not seen by the very machine that will score live, series by series, after as much
 * history as it needs. Of each series only these slots are loaded.
 *
 * @param watch called once a series: gives what sees its slots, and what is kept of them.
 */
export function openReplay<T>(
  { series, exclude: ranges, profiles, plan, forests, divisors, fromMs, untilMs }: CalibrationShared,
  watch: (stepMs: number) => { readonly see: (seen: Seen) => void; readonly result: () => T },
): (part: SeriesPart) => T[] {
  const scoring = openForests(forests);
  const historyMs = historySlots(plan) * plan.stepMs;
  return ({ from, until }) =>
    Array.from({ length: until - from }, (_, i) => {
      const stored = series[from + i];
      const profile = profiles[from + i];
      const first = Math.max(0, Math.floor((fromMs - historyMs - stored.startMs) / stored.stepMs));
      const last = Math.min(stored.length, Math.ceil((untilMs - stored.startMs) / stored.stepMs));
      const { startMs, stepMs, values } = exclude(takeSlots(stored, first, Math.max(first, last)), ranges);
      const scorer = new FamilyScorer(plan, scoring, divisors, profile);
      const slot = emptySlot();
      const { see, result } = watch(stepMs);
      const { spread } = profile;
      for (let index = 0; index < values.length; index++) {
        const timeMs = startMs + index * stepMs;
        scorer.push(timeMs, values[index], slot);
        if (timeMs >= fromMs && !slot.warming) see({ timeMs, values, index, spread, scorer, slot });
      }
      return result();
    });
}

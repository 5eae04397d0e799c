import type { View } from "../../../features/feature-machine.js";
import type { FeaturePlan } from "../../../features/feature-plan.js";
import type { TrainingRows } from "../../../forest/bins.js";
import { exclude } from "../../../series/exclude.js";
import { coverage, type Series, type TimeRange } from "../../../series/series.js";
import { type StoredSeries, takeSlots } from "../../../shelf/stored-series.js";
import { profileSeries, type SeriesProfile } from "../profile.js";
import { describeSlots, RowCollector } from "./sample-rows.js";

/** What all parts of the step need. */
export interface LearnShared {
  readonly series: readonly StoredSeries[];
  readonly exclude: readonly TimeRange[];
  readonly plan: FeaturePlan;
  /** Later slots are kept for calibration. */
  readonly untilMs: number;
}

/** Series `from … from + picks.length - 1`, each with the slots that rows are made of (rising). */
export interface LearnPart {
  readonly from: number;
  readonly picks: readonly Int32Array[];
}

export interface LearnedPart {
  readonly profiles: readonly SeriesProfile[];
  readonly rows: Readonly<Record<View, TrainingRows>>;
  /** Slots that hold a value, excluded ones not counted. */
  readonly points: number;
}

/** Profiles and rows of a few series: each is loaded once, described, and let go. */
export function openLearn({ series, exclude: ranges, plan, untilMs }: LearnShared): (part: LearnPart) => LearnedPart {
  return ({ from, picks }) => {
    const capacity = picks.reduce((sum, slots) => sum + slots.length, 0);
    const recent = new RowCollector("recent", plan, capacity);
    const seasonal = new RowCollector("seasonal", plan, capacity);
    let points = 0;
    const profiles = picks.map((slots, i) => {
      const one = exclude(takeSlots(series[from + i]), ranges);
      points += one.values.length * coverage(one.values);
      const profile = profileSeries(fittedPart(one, untilMs));
      describeSlots(one, profile, slots, [recent, seasonal]);
      return profile;
    });
    return { profiles, rows: { recent: recent.rows(), seasonal: seasonal.rows() }, points };
  };
}

/** The slots before the split; all of them for a series that has (almost) none there. */
function fittedPart(series: Series, untilMs: number): Float64Array {
  const n = Math.max(0, Math.min(series.values.length, Math.round((untilMs - series.startMs) / series.stepMs)));
  const part = series.values.subarray(0, n);
  return n * 5 >= series.values.length && coverage(part) > 0 ? part : series.values;
}

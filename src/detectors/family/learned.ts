import { historySlots, type View } from "../../features/feature-machine.js";
import { type FeaturePlan, slotsOf } from "../../features/feature-plan.js";
import type { Forest } from "../../forest/forest.js";
import { EMPTY_INVENTORY, type Inventory } from "../../series/inventory.js";
import { DAY_MS } from "../../time/duration.js";
import type { FittedDetector } from "../detector.js";
import { DEFAULT_THRESHOLD, type Threshold, thresholdScore } from "../threshold.js";
import { type Divisors, FamilyScorer, openForests } from "./family.js";
import { OWN_SCALE_MS, profileSeries, type SeriesProfile, silenceAfter } from "./profile.js";

/** What was learned on days that the forest did not see. */
export interface Calibration {
  /** Divisors that bring each view's 99 % of series-days to 1, before the threshold is chosen. */
  readonly divisors: Divisors;
  /** Highest score of each series-day, sorted ascending, with those divisors; at most `MAXIMA_KEPT` quantiles of them. */
  readonly dailyMaxima: Float64Array;
  readonly seriesDays: number;
}

/** What the family detector learned: plain data. */
export interface FamilyModel {
  readonly plan: FeaturePlan;
  readonly forests: Readonly<Record<View, Forest>>;
  readonly calibration: Calibration;
  /** Of each series of the inventory, in its order. */
  readonly profiles: readonly SeriesProfile[];
}

/** What the model's scores are divided by so that 1 is the given threshold. */
export function thresholdDivisor({ calibration }: FamilyModel, threshold: Threshold): number {
  const at = thresholdScore(threshold, calibration.dailyMaxima);
  return at > 0 ? at : 1;
}

/** The model as a detector whose score 1 is the given threshold. */
export function openModel(
  model: FamilyModel,
  threshold: Threshold = DEFAULT_THRESHOLD,
  inventory: Inventory = EMPTY_INVENTORY,
): FittedDetector {
  return openFamily(model, inventory, { divisor: thresholdDivisor(model, threshold), silenceAfterMs: null });
}

/** The model as a detector whose scores are divided by `divisor`, as records of it say. */
export function openFamily(
  { plan, forests, calibration: { divisors }, profiles }: FamilyModel,
  inventory: Inventory,
  { divisor, silenceAfterMs }: { readonly divisor: number; readonly silenceAfterMs: number | null },
): FittedDetector {
  const { stepMs } = plan;
  const scoring = openForests(forests);
  const scaled: Divisors = {
    recent: divisors.recent * divisor,
    seasonal: divisors.seasonal * divisor,
    sustained: divisors.sustained * divisor,
  };
  const dayMs = slotsOf(DAY_MS, stepMs, 2) * stepMs;
  const asked = (profile: SeriesProfile) => silenceAfter(profile, silenceAfterMs, stepMs);
  return {
    stepMs,
    historyMs: historySlots(plan) * stepMs + dayMs,
    warmUpMs: dayMs,
    describesAfterMs: OWN_SCALE_MS,
    learnedOf: (key) => {
      const place = inventory.indexOf(key);
      return place === undefined ? undefined : asked(profiles[place]);
    },
    describe: ({ values }) => asked(profileSeries(values)),
    usualOf: (known) => (known as SeriesProfile).location,
    // Whatever is opened here came from here.
    open: (known) => new FamilyScorer(plan, scoring, scaled, known as SeriesProfile),
  };
}

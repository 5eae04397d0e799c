import type { View } from "../../features/feature-machine.js";
import type { FeaturePlan } from "../../features/feature-plan.js";
import type { Forest } from "../../forest/forest.js";
import type { Labels } from "../../series/series.js";
import type { FittedDetector } from "../detector.js";
import { type Threshold, thresholdScore } from "../threshold.js";
import type { Divisors } from "./family.js";
import { familyDetector } from "./family.js";
import type { SeriesProfile } from "./profile.js";

/** One series the model was trained on. */
export interface KnownSeries {
  readonly name: string;
  readonly labels: Labels;
  readonly profile: SeriesProfile;
}

/** What was learned on days that the forest did not see. */
export interface Calibration {
  /** Divisors that bring each view's 99 % of series-days to 1, before the threshold is chosen. */
  readonly divisors: Divisors;
  /** Highest score of each series-day, sorted ascending, with those divisors; at most `MAXIMA_KEPT` quantiles of them. */
  readonly dailyMaxima: Float64Array;
  readonly seriesDays: number;
}

export interface Model {
  readonly plan: FeaturePlan;
  readonly forests: Readonly<Record<View, Forest>>;
  readonly calibration: Calibration;
  readonly series: readonly KnownSeries[];
  /** Unit of the values, where the data said it. */
  readonly unit: string | null;
  /** The threshold chosen at training; `infer` may choose another. */
  readonly threshold: Threshold;
  /** sha256 (hex) of the data it was trained on. */
  readonly fingerprint: string;
  /** The options of the training that shape the result, for people and for reproducing. */
  readonly options: Readonly<Record<string, string | number | boolean | null>>;
}

/** What the model's scores are divided by so that 1 is the given threshold. */
export function thresholdDivisor(model: Model, threshold: Threshold = model.threshold): number {
  const at = thresholdScore(threshold, model.calibration.dailyMaxima);
  return at > 0 ? at : 1;
}

/** The model as a detector whose score 1 is the given threshold. */
export function openModel(model: Model, threshold: Threshold = model.threshold): FittedDetector {
  return openModelAt(model, thresholdDivisor(model, threshold));
}

/** The model as a detector whose scores are divided by `divisor`, as records of it say. */
export function openModelAt({ calibration: { divisors }, plan, forests }: Model, divisor: number): FittedDetector {
  return familyDetector(plan, forests, {
    recent: divisors.recent * divisor,
    seasonal: divisors.seasonal * divisor,
    sustained: divisors.sustained * divisor,
  });
}

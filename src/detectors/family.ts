import { FeatureMachine, historySlots } from "../features/feature-machine.js";
import { type FeaturePlan, slotsOf } from "../features/feature-plan.js";
import { quantise } from "../features/quantise.js";
import { type Forest, type Prediction, predict } from "../forest/forest.js";
import { DAY_MS, HOUR_MS } from "../time/duration.js";
import type { FittedDetector, ScoredSlot, SeriesScorer } from "./detector.js";
import type { SeriesProfile } from "./profile.js";

/** Residuals are divided by these before the threshold; learned on days that the forest did not see. */
export interface Divisors {
  /** Of one slot's distance from the expected value, in half-widths of the forest's band. */
  readonly band: number;
  /** Of the mean signed distance over the last hour (at least six slots). */
  readonly shift: number;
}

/** No divisor at all: scores stay near zero and nothing is taken for an incident. Used to see raw distances. */
export const RAW_DIVISORS: Divisors = { band: Number.POSITIVE_INFINITY, shift: Number.POSITIVE_INFINITY };

/** Slots over which a deviation that stays inside the band adds up. */
const SHIFT_LEAST_SLOTS = 6;
/** One wild slot may move the hourly mean no further than this many band half-widths. */
const SHIFT_CLIP = 8;
/** Narrowest half-width of the band, in robust deviations: a forest that saw a calm hour must not call a ripple news. */
const LEAST_HALF_WIDTH = 0.1;
/** An incident that lasts this long is the new normal. A day, so that every hour of it was seen once. */
const ADOPT_AFTER_MS = DAY_MS;

/** The consolidated detector of a family: one forest for all, each series scaled by its own profile. */
export function familyDetector(plan: FeaturePlan, forest: Forest, divisors: Divisors): FittedDetector {
  return {
    stepMs: plan.stepMs,
    historyMs: (historySlots(plan) + slotsOf(DAY_MS, plan.stepMs, 2)) * plan.stepMs,
    open: (profile) => new FamilyScorer(plan, forest, divisors, profile),
  };
}

/**
 * Scores one series. What it looks at, each as a ratio to its own threshold, the largest being the score:
 *
 * - **band**: the distance from the expected value in half-widths of the forest's band;
 * - **shift**: the mean signed distance of the last hour, for drifts and shifts that stay inside the band;
 * - **stall**: equal values in a row; **zero**: zeros in a row where zero is rare; **silence**: missing slots in a row.
 *
 * While a slot is anomalous the machine remembers the expected value in its place, so that the incident is not
 * learned and does not come back as its own echo a day later. One that lasts a day is adopted: the location moves by
 * the mean residual and the remembered pattern with it.
 */
export class FamilyScorer implements SeriesScorer {
  /** The last slot's signed distance from expected in half-widths of the forest's band; NaN if not scored. */
  distance = Number.NaN;
  /** Mean of the last hour's distances. */
  hourlyDistance = Number.NaN;

  private readonly forest: Forest;
  private readonly divisors: Divisors;
  private readonly profile: SeriesProfile;
  private readonly features: FeatureMachine;
  private readonly row: Float32Array;
  private readonly prediction: Prediction = { mean: 0, low: 0, high: 0 };
  private readonly recent: Float64Array;
  private readonly warmSlots: number;
  private readonly adoptSlots: number;
  private location: number;
  private recentAt = 0;
  private equalRun = 0;
  private zeroRun = 0;
  private gapRun = 0;
  private lastValue = Number.NaN;
  private seen = 0;
  private anomalousRun = 0;
  private residualSum = 0;
  private residualCount = 0;

  constructor(plan: FeaturePlan, forest: Forest, divisors: Divisors, profile: SeriesProfile) {
    this.forest = forest;
    this.divisors = divisors;
    this.profile = profile;
    this.features = new FeatureMachine(plan);
    this.row = new Float32Array(forest.featureCount);
    this.recent = new Float64Array(slotsOf(HOUR_MS, plan.stepMs, SHIFT_LEAST_SLOTS)).fill(Number.NaN);
    this.warmSlots = slotsOf(DAY_MS, plan.stepMs, 2);
    this.adoptSlots = slotsOf(ADOPT_AFTER_MS, plan.stepMs, 2);
    this.location = profile.location;
  }

  push(timeMs: number, value: number, into: ScoredSlot): void {
    const anchor = this.features.anchor();
    const warm = this.features.pushed >= this.warmSlots && this.seen >= 2 && anchor === anchor;
    this.count(value);
    into.warming = !warm;
    into.cause = "none";
    if (!warm) {
      into.score = into.expected = into.lower = into.upper = Number.NaN;
      this.distance = this.hourlyDistance = Number.NaN;
      this.features.push(quantise((value - this.location) / this.profile.spread));
      return;
    }
    const expected = this.predictAt(timeMs, anchor, into);
    const scaled = (value - this.location) / this.profile.spread;
    this.measure(scaled, expected);
    this.rate(into);
    this.learn(scaled, expected, into.score >= 1);
  }

  /** Runs of equal values, zeros and gaps, this slot included. */
  private count(value: number): void {
    if (value !== value) {
      this.gapRun++;
      return;
    }
    this.gapRun = 0;
    this.seen++;
    this.zeroRun = value === 0 ? this.zeroRun + 1 : 0;
    this.equalRun = value === this.lastValue ? this.equalRun + 1 : 1;
    this.lastValue = value;
  }

  /** Fills expected and band of the slot and returns the expected value in robust deviations. */
  private predictAt(timeMs: number, anchor: number, into: ScoredSlot): number {
    this.features.describe(timeMs, anchor, this.row, 0);
    predict(this.forest, this.row, 0, this.prediction);
    const { mean, low, high } = this.prediction;
    this.prediction.low = Math.max(mean - low, LEAST_HALF_WIDTH);
    this.prediction.high = Math.max(high - mean, LEAST_HALF_WIDTH);
    const expected = anchor + mean;
    const widening = this.divisors.band * this.profile.tailFactor * this.profile.spread;
    into.expected = this.location + expected * this.profile.spread;
    into.lower = into.expected - this.prediction.low * widening;
    into.upper = into.expected + this.prediction.high * widening;
    return expected;
  }

  /** Distances of the slot and of the hour, in half-widths of the band. */
  private measure(scaled: number, expected: number): void {
    const residual = scaled - expected;
    this.distance = residual / (residual >= 0 ? this.prediction.high : this.prediction.low);
    this.recent[this.recentAt] = Math.max(-SHIFT_CLIP, Math.min(SHIFT_CLIP, this.distance));
    this.recentAt = this.recentAt + 1 === this.recent.length ? 0 : this.recentAt + 1;
    let sum = 0;
    let n = 0;
    for (let i = 0; i < this.recent.length; i++) {
      if (this.recent[i] === this.recent[i]) {
        sum += this.recent[i];
        n++;
      }
    }
    // Half of the slots must be there, or one point would stand for the hour.
    this.hourlyDistance = 2 * n >= this.recent.length ? sum / n : Number.NaN;
  }

  private rate(into: ScoredSlot): void {
    const { tailFactor, stallSlots, zeroSlots, silenceSlots } = this.profile;
    const missing = this.gapRun > 0;
    into.score = 0;
    if (!missing) {
      keepLarger(into, "band", Math.abs(this.distance) / (this.divisors.band * tailFactor));
      keepLarger(into, "shift", Math.abs(this.hourlyDistance) / (this.divisors.shift * tailFactor));
      keepLarger(into, "stall", this.equalRun > 1 ? runScore(this.equalRun / stallSlots) : 0);
      keepLarger(into, "zero", runScore(this.zeroRun / zeroSlots));
    }
    keepLarger(into, "silence", runScore(this.gapRun / silenceSlots));
  }

  private learn(scaled: number, expected: number, anomalous: boolean): void {
    if (scaled !== scaled || !anomalous) {
      if (!anomalous) this.anomalousRun = this.residualSum = this.residualCount = 0;
      this.features.push(quantise(scaled));
      return;
    }
    this.anomalousRun++;
    this.residualSum += scaled - expected;
    this.residualCount++;
    if (this.anomalousRun < this.adoptSlots) {
      this.features.push(quantise(expected));
      return;
    }
    // The whole remembered pattern moves along, because all of it is relative to the location.
    this.location += (this.residualSum / this.residualCount) * this.profile.spread;
    this.anomalousRun = this.residualSum = this.residualCount = 0;
    this.recent.fill(Number.NaN);
    this.features.push(quantise(expected));
  }

  private get scalars(): number[] {
    return [
      this.location,
      this.recentAt,
      this.equalRun,
      this.zeroRun,
      this.gapRun,
      this.lastValue,
      this.seen,
      this.anomalousRun,
      this.residualSum,
      this.residualCount,
    ];
  }

  get stateLength(): number {
    return this.scalars.length + this.recent.length + this.features.stateLength;
  }

  save(): Float64Array {
    const state = new Float64Array(this.stateLength);
    const scalars = this.scalars;
    state.set(scalars);
    state.set(this.recent, scalars.length);
    this.features.save(state, scalars.length + this.recent.length);
    return state;
  }

  restore(state: Float64Array): void {
    if (state.length !== this.stateLength) {
      throw new RangeError(`the state has ${state.length} numbers, this scorer needs ${this.stateLength}`);
    }
    [
      this.location,
      this.recentAt,
      this.equalRun,
      this.zeroRun,
      this.gapRun,
      this.lastValue,
      this.seen,
      this.anomalousRun,
      this.residualSum,
      this.residualCount,
    ] = state;
    const at = this.scalars.length;
    this.recent.set(state.subarray(at, at + this.recent.length));
    this.features.restore(state, at + this.recent.length);
  }
}

/** A run scores 1 at its threshold and 1 more for each doubling: a week of silence is grave, not 3,000 times so. */
function runScore(ratio: number): number {
  return ratio <= 1 ? ratio : 1 + Math.log2(ratio);
}

/** NaN never wins. */
function keepLarger(into: ScoredSlot, cause: ScoredSlot["cause"], score: number): void {
  if (score > into.score) {
    into.score = score;
    into.cause = cause;
  }
}

import { FeatureMachine, type View } from "../../features/feature-machine.js";
import { type FeaturePlan, slotsOf } from "../../features/feature-plan.js";
import { quantise } from "../../features/quantise.js";
import type { Forest } from "../../forest/forest.js";
import { openForest, type ScoringForest } from "../../forest/scoring-forest.js";
import { DAY_MS, HOUR_MS } from "../../time/duration.js";
import { emptySlot, type ScoredSlot, type ScorerState, type SeriesKnowledge, type SeriesScorer } from "../detector.js";
import { type ExplainedPart, type Explanation, inOrder, run } from "../explanation.js";
import { boundedValue, cappedScore } from "../finite.js";
import { keepLarger, runScore } from "../rules.js";
import { RunCounter } from "../run-counter.js";
import { Outlook } from "./outlook.js";
import type { SeriesProfile } from "./profile.js";
import { Sustained } from "./sustained.js";

/** A distance that is calibrated: of a slot by either view, and the sustained one by the seasonal view. */
export type Gauge = View | "sustained";

/** What each distance is divided by before the threshold; learned on days that the forests did not see. */
export type Divisors = Readonly<Record<Gauge, number>>;

/** No divisor at all: distances give no score, so nothing is taken for an incident. Used to see raw distances. */
export const RAW_DIVISORS: Divisors = {
  recent: Number.POSITIVE_INFINITY,
  seasonal: Number.POSITIVE_INFINITY,
  sustained: Number.POSITIVE_INFINITY,
};

/** An hour, and enough slots for a mean. */
const SUSTAINED_SLOTS = 6;

/** An incident that lasts this long is the new normal. A day, so that every hour of it was seen once. */
const ADOPT_AFTER_MS = DAY_MS;
/** A jump that ends with less than this share of the seasonal threshold has come back to the usual. */
const BACK_TO_USUAL = 0.5;
/** Robust deviations beyond which a value is just as wild. */
const FURTHEST = 2 ** 200;
/** Numbers of the state that are neither runs nor features. */
const SCALARS = 4;

/** The forests of both views, ready for scoring. */
export type ScoringForests = Readonly<Record<View, ScoringForest>>;

const OPENED = new WeakMap<Readonly<Record<View, Forest>>, ScoringForests>();

/** Makes both forests ready; once for all series and runs of a process, so that they are laid out once. */
export function openForests(forests: Readonly<Record<View, Forest>>): ScoringForests {
  const known = OPENED.get(forests);
  if (known !== undefined) return known;
  const opened = { recent: openForest(forests.recent), seasonal: openForest(forests.seasonal) };
  OPENED.set(forests, opened);
  return opened;
}

/**
 * Scores one series. What it looks at, each as a ratio to its own threshold, the largest being the score:
 *
 * - **band**: the distance from what the last hour lets expect, in half-widths of the forest's band;
 * - **season**: the same from what the day and the days before let expect, which a slow drift cannot lead astray;
 * - **shift**: the mean of the latter over the last hour, for a level that has moved without leaving the band;
 * - **stall**: equal values in a row; **zero**: zeros in a row where zero is rare; **silence**: missing slots in a row.
 *
 * The band that is shown is where both views agree: a slot lies outside exactly if its band or season score passes 1.
 *
 * While a slot is anomalous the machine remembers the expected value in its place, so that the incident is not
 * learned and does not come back as its own echo a day later. One that lasts a day is adopted: the location moves by
 * the mean residual and the remembered pattern with it.
 */
export class FamilyScorer implements SeriesScorer {
  readonly recent: Outlook;
  readonly seasonal: Outlook;
  private readonly features: FeatureMachine;
  private readonly runs: RunCounter;
  private readonly sustained: Sustained;
  private readonly divisors: Divisors;
  private profile: SeriesProfile;
  private readonly warmSlots: number;
  private readonly adoptSlots: number;
  private location: number;
  private anomalousRun = 0;
  private residualSum = 0;
  private residualCount = 0;
  private passes: Explanation["passes"] = null;

  constructor(plan: FeaturePlan, forests: ScoringForests, divisors: Divisors, profile: SeriesProfile) {
    this.features = new FeatureMachine(plan);
    this.recent = new Outlook("recent", this.features, forests.recent);
    this.seasonal = new Outlook("seasonal", this.features, forests.seasonal);
    this.warmSlots = slotsOf(DAY_MS, plan.stepMs, 2);
    this.runs = new RunCounter(this.warmSlots);
    this.sustained = new Sustained(slotsOf(HOUR_MS, plan.stepMs, SUSTAINED_SLOTS));
    this.divisors = divisors;
    this.profile = profile;
    this.adoptSlots = slotsOf(ADOPT_AFTER_MS, plan.stepMs, 2);
    this.location = profile.location;
  }

  /** Signed distance of the last slot by one gauge, in half-widths of the forest's band; NaN if it was not scored. */
  distance(gauge: Gauge): number {
    return gauge === "sustained" ? this.sustained.distance : this[gauge].distance;
  }

  push(timeMs: number, value: number, into: ScoredSlot): void {
    const scaled = this.scale(value);
    this.runs.push(value);
    into.warming = this.runs.age <= this.warmSlots;
    into.cause = "none";
    if (into.warming || !(this.recent.look(timeMs) && this.seasonal.look(timeMs))) {
      this.rateBlindly(into);
      this.features.push(quantise(scaled));
      return;
    }
    this.recent.measure(scaled);
    this.seasonal.measure(scaled);
    const expected = this.agree(into);
    this.passes = into.lower < into.upper ? { low: into.lower, high: into.upper } : null;
    this.rate(into);
    into.score = cappedScore(into.score);
    this.learn(scaled, expected, into.score >= 1);
  }

  /** It remembers what was expected, as of an incident. */
  pass(timeMs: number): void {
    this.runs.pass();
    this.sustained.push(Number.NaN);
    const isKnown = this.runs.age > this.warmSlots && this.recent.look(timeMs) && this.seasonal.look(timeMs);
    this.features.push(quantise(isKnown ? this.agree(emptySlot()) : Number.NaN));
  }

  /** In robust deviations; far out of reach of any forest it is held, so that sums and ratios of it stay finite. */
  private scale(value: number): number {
    const scaled = (boundedValue(value) - this.location) / this.profile.spread;
    return Math.max(-FURTHEST, Math.min(FURTHEST, scaled));
  }

  /** Where the bands of both views overlap; returns the expected value in robust deviations. */
  private agree(into: ScoredSlot): number {
    const { recent, seasonal, divisors, profile } = this;
    const near = divisors.recent * profile.recentTail;
    const far = divisors.seasonal * profile.seasonalTail;
    let low = Math.max(recent.expected - recent.below * near, seasonal.expected - seasonal.below * far);
    let high = Math.min(recent.expected + recent.above * near, seasonal.expected + seasonal.above * far);
    // Views that exclude each other leave no room; the line between their bands is then the least wrong.
    if (low > high) low = high = (low + high) / 2;
    const expected = Math.min(high, Math.max(low, recent.expected));
    into.expected = this.location + expected * profile.spread;
    into.lower = this.location + low * profile.spread;
    into.upper = this.location + high * profile.spread;
    return expected;
  }

  /** Without a past to go by there is nothing to expect, but a silence that continues is still one. */
  private rateBlindly(into: ScoredSlot): void {
    into.score = into.expected = into.lower = into.upper = Number.NaN;
    this.passes = null;
    this.recent.forget();
    this.seasonal.forget();
    this.sustained.push(Number.NaN);
    if (into.warming) return;
    into.score = 0;
    keepLarger(into, "silence", runScore(this.runs.gap / this.profile.silenceSlots));
  }

  private rate(into: ScoredSlot): void {
    const { recent, seasonal, divisors, profile, runs } = this;
    into.score = 0;
    if (runs.gap === 0) {
      const season = Math.abs(seasonal.distance) / (divisors.seasonal * profile.seasonalTail);
      const band = Math.abs(recent.distance) / (divisors.recent * profile.recentTail);
      // Slots that are alarms by themselves must not echo in the mean after they are over.
      this.sustained.push(season >= 1 || band >= 1 ? Number.NaN : seasonal.distance);
      keepLarger(into, "season", season);
      keepLarger(into, "shift", Math.abs(this.sustained.distance) / (divisors.sustained * profile.seasonalTail));
      keepLarger(into, "band", this.isReturn(season) ? 0 : band);
      keepLarger(into, "stall", runs.equal > 1 ? runScore(runs.equal / profile.stallSlots) : 0);
      keepLarger(into, "zero", runScore(runs.zero / profile.zeroSlots));
    }
    if (runs.gap > 0) this.sustained.push(Number.NaN);
    keepLarger(into, "silence", runScore(runs.gap / profile.silenceSlots));
  }

  /** The last hour was further from the usual than this slot is: a jump, but a jump back. */
  private isReturn(season: number): boolean {
    const hourAgo = Math.abs(this.seasonal.distanceOf(this.recent.anchor));
    return (
      season < BACK_TO_USUAL &&
      hourAgo > 2 * Math.abs(this.seasonal.distance) &&
      hourAgo > this.divisors.seasonal * BACK_TO_USUAL
    );
  }

  explain(): Explanation {
    const { recent, seasonal, sustained, divisors, profile, runs } = this;
    const side = (outlook: Outlook, distance: number) =>
      (distance >= 0 ? outlook.above : outlook.below) * profile.spread;
    const of = (name: string, outlook: Outlook, distance: number, divisor: number): ExplainedPart => ({
      name,
      value: distance * side(outlook, distance),
      limit: divisor * side(outlook, distance),
    });
    const far = profile.seasonalTail;
    const parts = [
      of("value against what the last hours let expect", recent, recent.distance, divisors.recent * profile.recentTail),
      of("value against the usual of this hour", seasonal, seasonal.distance, divisors.seasonal * far),
      of("last hour against its usual", seasonal, sustained.distance, divisors.sustained * far),
      run("slots without a value", runs.gap, profile.silenceSlots),
    ];
    if (runs.gap === 0) {
      if (runs.equal > 1) parts.push(run("equal values in a row", runs.equal, profile.stallSlots));
      if (runs.zero > 0) parts.push(run("zeros in a row", runs.zero, profile.zeroSlots));
    }
    return { parts: inOrder(parts), passes: this.passes };
  }

  private learn(scaled: number, expected: number, anomalous: boolean): void {
    if (!anomalous) this.anomalousRun = this.residualSum = this.residualCount = 0;
    if (!anomalous || scaled !== scaled) {
      this.features.push(quantise(scaled));
      return;
    }
    this.anomalousRun++;
    this.residualSum += scaled - expected;
    this.residualCount++;
    if (this.anomalousRun >= this.adoptSlots) {
      // The whole remembered pattern moves along, because all of it is relative to the location.
      this.location += (this.residualSum / this.residualCount) * this.profile.spread;
      this.anomalousRun = this.residualSum = this.residualCount = 0;
    }
    this.features.push(quantise(expected));
  }

  /** All that is not in the state is worked out again with each slot. */
  turnTo(known: SeriesKnowledge): void {
    this.profile = known as SeriesProfile;
  }

  get stateLength(): number {
    return SCALARS + this.runs.stateLength + this.sustained.stateLength + this.features.stateLength;
  }

  save(spare?: ScorerState): Float64Array {
    const { stateLength } = this;
    const isFitting = spare instanceof Float64Array && spare.length === stateLength;
    const state = isFitting ? spare : new Float64Array(stateLength);
    state.set([this.location, this.anomalousRun, this.residualSum, this.residualCount]);
    this.features.save(state, this.sustained.save(state, this.runs.save(state, SCALARS)));
    return state;
  }

  restore(state: ScorerState): void {
    if (!(state instanceof Float64Array) || state.length !== this.stateLength) {
      throw new RangeError(`the state has ${state.length} elements, this scorer needs ${this.stateLength} numbers`);
    }
    [this.location, this.anomalousRun, this.residualSum, this.residualCount] = state;
    this.features.restore(state, this.sustained.restore(state, this.runs.restore(state, SCALARS)));
  }
}

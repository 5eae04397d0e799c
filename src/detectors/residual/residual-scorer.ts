import type { StateCursor } from "../../math/state-cursor.js";
import type { ScoredSlot } from "../detector.js";
import { type Explanation, inOrder } from "../explanation.js";
import { boundedValue, cappedScore, resolutionOf } from "../finite.js";
import { HeldBack } from "../machine/held-back.js";
import { RunWatch } from "../machine/run-watch.js";
import { sampleStride } from "../machine/sample-stride.js";
import { SparsePath } from "../machine/sparse-path.js";
import type { TrailingQuantile } from "../machine/trailing-quantile.js";
import { Unit } from "../machine/unit.js";
import { wallSlot } from "../machine/wall-slot.js";
import { keepLarger } from "../rules.js";
import { floorWatch, Gauge } from "./gauge.js";
import { News } from "./news.js";
import { alarmAtStep, type ResidualOptions } from "./options.js";
import { agreement, type Moving, passingBetween, passingRange } from "./passing.js";
import { Recurrence, type Side } from "./recurrence.js";
import { ResidualBank } from "./residual-bank.js";

/**
 * A bank of residuals, each scaled by its own trailing robust scale and calibrated by its own trailing tail; together they
 * are the score. One global threshold then means the same on every series, which a scale alone does not achieve.
 *
 * Anomalous slots are held back: the memory gets what was expected in their place, and the scales learn nothing from them, until the
 * incident has lasted `adoptMs`. Tails learn from no incident, however long, unless too much of the week was held back: it would hide the
 * next one for a week. Series that rest at one value take a path of their own (sparse-path.ts).
 */
export class ResidualScorer {
  private readonly options: ResidualOptions;
  private readonly bank: ResidualBank;
  private readonly gauges: readonly Gauge[];
  private readonly unit = new Unit();
  private readonly floor: TrailingQuantile;
  private readonly runs: RunWatch;
  private readonly sparse: SparsePath;
  private readonly heldBack: HeldBack;
  private readonly recurrence: Recurrence;
  private readonly news: News;
  private readonly stepMs: number;
  private readonly timezone: string;
  private readonly alarmAt: number;
  private readonly residuals: Float64Array;
  private readonly ratios: Float64Array;
  private readonly blockSlots: number;
  private readonly stride: number;
  private readonly adoptSlots: number;
  private readonly returnSlots: number;
  private readonly longest: number;
  private slots = 0;
  private anomalousRun = 0;
  private alarmSign = 0;
  private sinceAlarm = Number.POSITIVE_INFINITY;
  /** Of the last slot, for its explanation; no part of the state. */
  private value = Number.NaN;
  private wasSparse = false;
  private alarmedByValue = false;
  private restedAt = Number.NaN;
  private restedWithin = Number.NaN;

  constructor(stepMs: number, timezone: string, options: ResidualOptions) {
    this.options = options;
    this.stepMs = stepMs;
    this.timezone = timezone;
    this.alarmAt = alarmAtStep(stepMs, options);
    this.recurrence = new Recurrence(stepMs, options);
    this.bank = new ResidualBank(stepMs, options);
    this.gauges = Array.from({ length: this.bank.count }, () => new Gauge(stepMs, options, this.unit));
    this.floor = floorWatch(stepMs);
    this.runs = new RunWatch(stepMs, options.silenceAfterMs);
    this.sparse = new SparsePath(stepMs, options, this.unit);
    this.stride = sampleStride(stepMs);
    this.blockSlots = Math.max(1, Math.round(options.blockMs / stepMs));
    const blocks = Math.max(2, Math.round(options.tailMs / Math.max(options.blockMs, stepMs)));
    this.heldBack = new HeldBack(blocks, options.heldBackShare);
    this.residuals = new Float64Array(this.bank.count);
    this.news = new News(stepMs, this.bank.count);
    this.ratios = new Float64Array(this.bank.count);
    this.adoptSlots = Math.round(options.adoptMs / stepMs);
    this.returnSlots = Math.round(options.returnMs / stepMs);
    this.longest = options.medians.length - 1;
  }

  push(timeMs: number, value: number, into: ScoredSlot): void {
    const finite = boundedValue(value);
    const slot = wallSlot(timeMs, this.stepMs, this.timezone);
    this.runs.push(finite);
    this.bank.compare(slot, finite, this.residuals);
    this.recurrence.moveTo(slot);
    this.countIn(this.unit.push(timeMs, finite));
    const ripple = this.floor.value * this.unit.size * this.options.scaleFloor;
    const floor = ripple === ripple ? ripple : 0;
    const known = finite === finite ? resolutionOf(finite) : 0;
    const least = Math.max(floor, known, Number.MIN_VALUE);
    for (let g = 0; g < this.gauges.length; g++) {
      this.gauges[g].measure(this.residuals[g], least);
      this.ratios[g] = this.gauges[g].ratio;
    }
    this.value = finite;
    this.wasSparse = this.sparse.isSparse;
    if (this.wasSparse) this.rateSparse(finite, into);
    else this.rate(finite, into);
    this.alarmedByValue = into.score >= 1;
    this.rateRuns(into);
    const isAlarm = into.score >= 1 && into.cause === "band";
    this.learn(finite, isAlarm);
    this.weigh(isAlarm, into);
  }

  /** The memory gets what was expected, as of an incident that is held back; scales, tails and what recurs stay as they are. */
  pass(timeMs: number): void {
    const slot = wallSlot(timeMs, this.stepMs, this.timezone);
    this.runs.pass();
    this.bank.compare(slot, Number.NaN, this.residuals);
    this.recurrence.moveTo(slot);
    this.news.push(this.residuals, false);
    this.sinceAlarm++;
    const isSample = this.slots++ % this.stride === 0;
    this.bank.learn(this.bank.expected, isSample);
  }

  /** @param times the new unit that the old one is. */
  private countIn(times: number): void {
    if (times === 1) return;
    for (const gauge of this.gauges) gauge.countIn(times);
    this.floor.multiply(times);
    this.sparse.countIn(times);
  }

  /** How grave an alarm is: below 2 is what the series has done before, however unusual; from 2 on it is news. */
  private weigh(isAlarm: boolean, into: ScoredSlot): void {
    const ratio = this.news.push(this.residuals, isAlarm);
    if (ratio > 0) {
      into.score = cappedScore(1 + ratio);
      into.cause = "novelty";
    } else if (isAlarm) into.score = 2 - 1 / into.score;
  }

  private rate(value: number, into: ScoredSlot): void {
    // Nearly the largest, and a little more where several say the same, which one noisy slot seldom does to short and long alike.
    const ratio = agreement(this.ratios);
    const known = this.gauges[this.longest].residualAt(this.alarmAt);
    into.warming = known !== known || this.runs.isYoung;
    into.expected = into.warming ? Number.NaN : this.bank.expected;
    into.lower = into.expected - known * this.recurrence.divisor("below");
    into.upper = into.expected + known * this.recurrence.divisor("above");
    const size = ratio / this.alarmAt;
    const { side } = this;
    this.recurrence.note(side, size);
    if (into.warming) {
      into.score = Number.NaN;
      into.cause = "none";
      return;
    }
    // A slot without a value has no ratio: it is no alarm of the band.
    const score = value === value && size === size ? cappedScore(size / this.recurrence.divisor(side)) : 0;
    into.score = this.isReturn(score) ? Math.min(score, ALMOST) : score;
    into.cause = into.score > 0 ? "band" : "none";
  }

  /** Which side of the expected the last slot is on. */
  private get side(): Side {
    return this.residuals[this.longest] >= 0 ? "above" : "below";
  }

  private rateSparse(value: number, into: ScoredSlot): void {
    const distance = this.sparse.alarmDistance(value);
    this.restedAt = this.sparse.restingAt;
    this.restedWithin = distance;
    into.warming = distance !== distance || this.runs.isYoung;
    into.expected = into.warming ? Number.NaN : this.sparse.restingAt;
    into.lower = into.expected - distance;
    into.upper = into.expected + distance;
    into.score = into.warming ? Number.NaN : value === value ? cappedScore(this.sparse.score(value)) : 0;
    into.cause = into.score > 0 ? "band" : "none";
  }

  private rateRuns(into: ScoredSlot): void {
    if (into.warming) return;
    keepLarger(into, "silence", this.runs.silenceScore);
    if (!this.wasSparse) keepLarger(into, "stall", this.runs.stallScore);
  }

  /** Whether the series rests at one value for most of the time. */
  get isSparse(): boolean {
    return this.sparse.isSparse;
  }

  /** How far the last slot was from what the season lets expect; NaN where that is not known. */
  get offSeason(): number {
    return this.bank.level;
  }

  explain(): Pick<Explanation, "parts" | "passes"> {
    const { compared } = this;
    const usual = this.wasSparse ? 1 : this.recurrence.divisor(this.side);
    const parts = compared.map(({ name, deviation, limit }) => ({ name, value: deviation, limit: limit * usual }));
    return {
      parts: inOrder([...parts, ...this.runs.parts]),
      passes: this.alarmedByValue ? this.passes(compared) : null,
    };
  }

  /** Values on either side of the expected are held against what that side has reached on other days. */
  private passes(compared: readonly Moving[]): Explanation["passes"] {
    if (this.wasSparse) return passingRange(this.value, compared);
    const expected = this.value - this.residuals[this.longest];
    const [above, below] = [this.recurrence.divisor("above"), this.recurrence.divisor("below")];
    return passingBetween(this.value, compared, { expected, above, below });
  }

  /** What was compared of the last slot's value. */
  private get compared(): (Moving & { readonly name: string })[] {
    if (this.wasSparse) {
      const deviation = this.value - this.restedAt;
      return [{ name: "value against the one it rests at", deviation, slope: 1, limit: this.restedWithin }];
    }
    return this.gauges.map((gauge, g) => ({
      name: this.bank.names[g],
      deviation: gauge.residual,
      slope: this.bank.slope(g),
      limit: gauge.residualAt(this.alarmAt),
    }));
  }

  /** Shortly after an alarm, a jump the other way that ends near the usual: the incident is over. */
  private isReturn(score: number): boolean {
    const gauge = this.gauges[this.longest];
    if (score < 1 || this.sinceAlarm >= this.returnSlots || Math.sign(gauge.residual) === this.alarmSign) return false;
    const scale = Math.abs(gauge.residual) / gauge.size;
    return Math.abs(this.bank.level) < this.options.returnScales * scale;
  }

  private learn(value: number, alarmed: boolean): void {
    if (alarmed) {
      const sign = Math.sign(this.gauges[this.longest].residual);
      // The jump back of an incident that is still alarmed must not turn the sign that it is judged by.
      if (sign === this.alarmSign || this.sinceAlarm >= this.returnSlots) this.alarmSign = sign;
      this.sinceAlarm = 0;
      this.anomalousRun++;
      this.heldBack.alarm();
    } else {
      this.sinceAlarm++;
      if (value === value) this.anomalousRun = 0;
    }
    const adopted = this.anomalousRun > this.adoptSlots;
    const held = alarmed && !adopted;
    const isSample = this.slots % this.stride === 0;
    for (let g = 0; g < this.gauges.length; g++) this.gauges[g].learn(held ? Number.NaN : this.residuals[g], isSample);
    if (isSample) this.floor.push(this.residuals[this.longest] / this.unit.size);
    if (++this.slots % this.blockSlots === 0) {
      const isHeld = this.heldBack.close();
      for (const gauge of this.gauges) gauge.closeBlock(isHeld);
    }
    this.sparse.push(value);
    this.bank.learn(held ? this.bank.expected : value, isSample);
  }

  walk(state: StateCursor): void {
    this.slots = state.number(this.slots);
    this.anomalousRun = state.number(this.anomalousRun);
    this.alarmSign = state.number(this.alarmSign);
    this.sinceAlarm = state.number(this.sinceAlarm);
    this.unit.walk(state);
    this.runs.walk(state);
    this.news.walk(state);
    this.bank.walk(state);
    for (const gauge of this.gauges) gauge.walk(state);
    this.floor.walk(state);
    this.heldBack.walk(state);
    this.recurrence.walk(state);
    this.sparse.walk(state);
  }
}

/** Just under the threshold: seen, and judged to be no alarm. */
const ALMOST = 0.9;

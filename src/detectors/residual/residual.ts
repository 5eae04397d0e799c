import { DAY_MS } from "../../time/duration.js";
import type { FittedDetector, ScoredSlot, SeriesScorer } from "../detector.js";
import { NoveltyWatch } from "../novelty/novelty-watch.js";
import { keepLarger } from "../rules.js";
import { floorWatch, Gauge } from "./gauge.js";
import { DEFAULT_RESIDUAL, type ResidualOptions } from "./options.js";
import { ResidualBank } from "./residual-bank.js";
import { RunWatch } from "./run-watch.js";
import { SparsePath } from "./sparse-path.js";
import type { TrailingQuantile } from "./trailing-quantile.js";

/**
 * The detector for series that no model knows: it needs no fitting, only the series' own past, and is of use after a day.
 *
 * @param stepMs the grid of the series it will be given.
 */
export function residualDetector(stepMs: number, options: ResidualOptions = DEFAULT_RESIDUAL): FittedDetector {
  return {
    stepMs,
    // The season, and the week that scales and tails look back on. What the series has known before fades with the weeks.
    historyMs: (Math.max(...options.seasonDays) + 7) * DAY_MS,
    open: () => new ResidualScorer(stepMs, options),
  };
}

/** Numbers of the state that belong to no part. */
const SCALARS = 7;

/**
 * A bank of residuals, each scaled by its own trailing robust scale and calibrated by its own trailing tail; the largest is the
 * score. One global threshold then means the same on every series, which a scale alone does not achieve.
 *
 * Anomalous slots are held back: the memory gets what was expected in their place, and neither scale nor tail learns from
 * them, until the incident has lasted `adoptMs` or too much of the week was held back. Series that rest at one value take a path
 * of their own (sparse-path.ts).
 */
export class ResidualScorer implements SeriesScorer {
  private readonly options: ResidualOptions;
  private readonly bank: ResidualBank;
  private readonly gauges: readonly Gauge[];
  private readonly floor: TrailingQuantile;
  private readonly runs: RunWatch;
  private readonly sparse: SparsePath;
  private readonly novelty: NoveltyWatch;
  private readonly heldBack: Uint8Array;
  private readonly residuals: Float64Array;
  private readonly blockSlots: number;
  private readonly adoptSlots: number;
  private readonly returnSlots: number;
  private readonly longest: number;
  private slots = 0;
  private anomalousRun = 0;
  private blockAlarmed = 0;
  private heldBackCount = 0;
  private blocks = 0;
  private alarmSign = 0;
  private sinceAlarm = Number.POSITIVE_INFINITY;

  constructor(stepMs: number, options: ResidualOptions) {
    this.options = options;
    this.bank = new ResidualBank(stepMs, options);
    this.gauges = Array.from({ length: this.bank.count }, () => new Gauge(stepMs, options));
    this.floor = floorWatch(stepMs);
    this.runs = new RunWatch(stepMs);
    this.sparse = new SparsePath(stepMs, options);
    this.novelty = new NoveltyWatch(stepMs);
    this.blockSlots = Math.max(1, Math.round(options.blockMs / stepMs));
    this.heldBack = new Uint8Array(Math.max(2, Math.round(options.tailMs / Math.max(options.blockMs, stepMs))));
    this.residuals = new Float64Array(this.bank.count);
    this.adoptSlots = Math.round(options.adoptMs / stepMs);
    this.returnSlots = Math.round(options.returnMs / stepMs);
    this.longest = options.medianSlots.length - 1;
  }

  push(_timeMs: number, value: number, into: ScoredSlot): void {
    const finite = Number.isFinite(value) ? value : Number.NaN;
    this.runs.push(finite);
    this.bank.compare(finite, this.residuals);
    const floor = this.floor.value === this.floor.value ? this.floor.value * this.options.scaleFloor : 0;
    for (let g = 0; g < this.gauges.length; g++) this.gauges[g].measure(this.residuals[g], floor);
    if (this.sparse.isSparse) this.rateSparse(finite, into);
    else this.rate(finite, into);
    this.rateRuns(into);
    this.learn(finite, into.score >= 1 && into.cause === "band");
    this.weigh(finite, into);
  }

  /** An alarm is grave if the series has not known the like: up to 2 is what its history knows, beyond it is new. */
  private weigh(value: number, into: ScoredSlot): void {
    this.novelty.push(value, into.score);
    if (into.warming) return;
    if (this.novelty.ratio > 0 && (into.score >= 1 || this.novelty.tellsAlone)) {
      keepLarger(into, "novelty", 1 + this.novelty.ratio);
    } else if (into.score > 1 && into.cause === "band") into.score = 2 - 1 / into.score;
  }

  private rate(value: number, into: ScoredSlot): void {
    const ratio = agreement(this.gauges);
    const known = this.gauges[this.longest].residualAt(this.options.alarmAt);
    into.warming = known !== known || this.runs.isYoung;
    into.expected = into.warming ? Number.NaN : this.bank.expected;
    into.lower = into.expected - known;
    into.upper = into.expected + known;
    if (into.warming) {
      into.score = Number.NaN;
      into.cause = "none";
      return;
    }
    // A slot without a value has no ratio: it is no alarm of the band.
    const score = value === value && ratio === ratio ? ratio / this.options.alarmAt : 0;
    into.score = this.isReturn(score) ? Math.min(score, ALMOST) : score;
    into.cause = into.score > 0 ? "band" : "none";
  }

  private rateSparse(value: number, into: ScoredSlot): void {
    const distance = this.sparse.alarmDistance();
    into.warming = distance !== distance || this.runs.isYoung;
    into.expected = into.warming ? Number.NaN : this.sparse.restingAt;
    into.lower = into.expected - distance;
    into.upper = into.expected + distance;
    into.score = into.warming ? Number.NaN : value === value ? this.sparse.score(value) : 0;
    into.cause = into.score > 0 ? "band" : "none";
  }

  private rateRuns(into: ScoredSlot): void {
    if (into.warming) return;
    keepLarger(into, "silence", this.runs.silenceScore);
    if (!this.sparse.isSparse) keepLarger(into, "stall", this.runs.stallScore);
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
      this.blockAlarmed = 1;
    } else {
      this.sinceAlarm++;
      if (value === value) this.anomalousRun = 0;
    }
    const adopted = this.anomalousRun > this.adoptSlots;
    const held = alarmed && !adopted;
    for (let g = 0; g < this.gauges.length; g++) this.gauges[g].learn(held ? Number.NaN : this.residuals[g]);
    this.floor.push(this.residuals[this.longest]);
    if (++this.slots % this.blockSlots === 0) this.closeBlock(adopted);
    this.sparse.push(value);
    this.bank.learn(held ? this.bank.expected : value);
  }

  private closeBlock(adopted: boolean): void {
    const at = this.blocks++ % this.heldBack.length;
    this.heldBackCount -= this.heldBack[at];
    const room = this.heldBackCount < this.options.heldBackShare * this.heldBack.length;
    const held = this.blockAlarmed === 1 && room && !adopted;
    this.heldBack[at] = held ? 1 : 0;
    this.heldBackCount += this.heldBack[at];
    this.blockAlarmed = 0;
    for (const gauge of this.gauges) gauge.closeBlock(held);
  }

  private get parts() {
    return [this.bank, ...this.gauges, this.floor, this.runs, this.sparse, this.novelty];
  }

  get stateLength(): number {
    return this.parts.reduce((sum, part) => sum + part.stateLength, SCALARS + this.heldBack.length);
  }

  save(): Float64Array {
    const state = new Float64Array(this.stateLength);
    state.set([
      this.slots,
      this.anomalousRun,
      this.blockAlarmed,
      this.heldBackCount,
      this.blocks,
      this.alarmSign,
      this.sinceAlarm,
    ]);
    state.set(this.heldBack, SCALARS);
    this.parts.reduce((at, part) => part.save(state, at), SCALARS + this.heldBack.length);
    return state;
  }

  restore(state: Float64Array): void {
    if (state.length !== this.stateLength) {
      throw new RangeError(`the state has ${state.length} numbers, this scorer needs ${this.stateLength}`);
    }
    [
      this.slots,
      this.anomalousRun,
      this.blockAlarmed,
      this.heldBackCount,
      this.blocks,
      this.alarmSign,
      this.sinceAlarm,
    ] = state;
    this.heldBack.set(state.subarray(SCALARS, SCALARS + this.heldBack.length));
    this.parts.reduce((at, part) => part.restore(state, at), SCALARS + this.heldBack.length);
  }
}

/**
 * The ratios as one: their 8-norm. Nearly the largest, and a little more where several say the same, which one noisy slot
 * seldom does to short and long comparisons alike. NaN if there is none.
 */
function agreement(gauges: readonly Gauge[]): number {
  let sum = 0;
  let known = false;
  for (const { ratio } of gauges) {
    if (ratio !== ratio) continue;
    known = true;
    const squared = ratio * ratio;
    sum += squared * squared * (squared * squared);
  }
  return known ? Math.sqrt(Math.sqrt(Math.sqrt(sum))) : Number.NaN;
}

/** Just under the threshold: seen, and judged to be no alarm. */
const ALMOST = 0.9;

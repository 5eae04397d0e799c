import type { StateCursor } from "../../math/state-cursor.js";
import { DAY_MS, HOUR_MS, MINUTE_MS, WEEK_MS } from "../../time/duration.js";
import type { ScoredSlot } from "../detector.js";
import { type Explanation, inOrder } from "../explanation.js";
import { boundedValue, cappedScore, resolutionOf } from "../finite.js";
import type { ValueScorer } from "../machine/by-class.js";
import { HeldBack } from "../machine/held-back.js";
import { RunWatch } from "../machine/run-watch.js";
import { DEFAULT_SPARSE, SparsePath } from "../machine/sparse-path.js";
import { type Range, TrailingQuantile } from "../machine/trailing-quantile.js";
import { Unit } from "../machine/unit.js";
import { keepLarger } from "../rules.js";
import type { BandLimits } from "./band-options.js";
import type { Forecaster } from "./forecaster.js";
import { RecentLevel } from "./recent-level.js";

const BLOCK_MS = 5 * MINUTE_MS;
const TAIL_MS = WEEK_MS;
const TAIL_QUANTILE = 0.99;
/** Share of the week that may be held back as incidents; what is off more often is how the series is. */
const HELD_BACK_SHARE = 0.04;
/** Distances in units of k usual ones: 15 octaves of bins fit in bytes. */
const TAIL_RANGE: Range = { smallest: 2 ** -4, largest: 2 ** 11 };
/** An incident is kept out of the memory for so long, then it is the new normal. */
const ADOPT_MS = HOUR_MS / 2;
/** No usual distance is below this share of the 90 % distance of the week: a still hour must not make a ripple an alarm. */
const LEAST_SHARE = 0.05;

/**
 * Scores the distance from what a forecaster expects. All detectors that draw a band are this machine with another forecaster: the same
 * warm-up of a day, silences and stalls, sparse series by their rare values, incidents held back, limits by `BandLimits`.
 *
 * Score = distance / (limit · usual distance), 1 being the edge of the band. While the forecaster knows nothing, as before its season was
 * seen, the level of the last day stands in for it.
 */
export class BandScorer implements ValueScorer {
  private readonly forecaster: Forecaster;
  private readonly recent: RecentLevel;
  private readonly limits: BandLimits;
  private readonly runs: RunWatch;
  private readonly unit = new Unit();
  private readonly sparse: SparsePath;
  private readonly floor: TrailingQuantile;
  private readonly tail: TrailingQuantile;
  private readonly heldBack: HeldBack;
  private readonly blockSlots: number;
  private readonly adoptSlots: number;
  private slots = 0;
  private anomalousRun = 0;
  private blockMaximum = Number.NaN;
  /** Of the last slot, for its explanation; no part of the state. */
  private used: Forecaster;
  private value = Number.NaN;
  private lower = Number.NaN;
  private upper = Number.NaN;
  private expected = Number.NaN;
  private wasSparse = false;

  constructor(stepMs: number, forecaster: Forecaster, limits: BandLimits, silenceAfterMs?: number) {
    this.forecaster = forecaster;
    this.used = forecaster;
    this.limits = limits;
    this.recent = new RecentLevel(stepMs, DAY_MS);
    this.runs = new RunWatch(stepMs, silenceAfterMs);
    this.sparse = new SparsePath(stepMs, DEFAULT_SPARSE, this.unit);
    this.blockSlots = Math.max(1, Math.round(BLOCK_MS / stepMs));
    this.adoptSlots = Math.round(ADOPT_MS / stepMs);
    const blocks = Math.max(2, Math.round(TAIL_MS / Math.max(BLOCK_MS, stepMs)));
    this.tail = new TrailingQuantile(blocks, TAIL_QUANTILE, Math.round(blocks / 14), 1, TAIL_RANGE);
    this.floor = new TrailingQuantile(blocks, 0.9, Math.round(blocks / 14), 1);
    this.heldBack = new HeldBack(blocks, HELD_BACK_SHARE);
  }

  push(timeMs: number, value: number, into: ScoredSlot): void {
    const finite = boundedValue(value);
    this.value = finite;
    this.runs.push(finite);
    const times = this.unit.push(timeMs, finite);
    if (times !== 1) {
      this.sparse.countIn(times);
      this.floor.multiply(times);
    }
    this.forecaster.look(timeMs);
    this.recent.look();
    this.used = isKnown(this.forecaster) ? this.forecaster : this.recent;
    this.wasSparse = this.sparse.isSparse;
    if (this.wasSparse) this.rateSparse(into);
    else this.rate(into);
    const isAlarm = into.score >= 1;
    if (!into.warming) this.rateRuns(into);
    this.learn(timeMs, finite, isAlarm);
  }

  /** Limits and runs stay as they are. */
  pass(timeMs: number): void {
    this.runs.pass();
    this.forecaster.look(timeMs);
    this.recent.look();
    this.slots++;
    this.recent.learn(timeMs, Number.NaN);
    if (this.forecaster.pass === undefined) this.forecaster.learn(timeMs, Number.NaN);
    else this.forecaster.pass(timeMs);
  }

  private rate(into: ScoredSlot): void {
    const { used, value } = this;
    const known = value === value ? resolutionOf(value) : 0;
    const ripple = this.floor.value * this.unit.size * LEAST_SHARE;
    const least = Math.max(ripple === ripple ? ripple : 0, known, resolutionOf(used.expected), Number.MIN_VALUE);
    const below = Math.max(used.below, least) * this.limits.k;
    const above = Math.max(used.above, least) * this.limits.k;
    const tail = this.tail.value;
    const factor = tail === tail ? Math.max(1, this.limits.beyond * tail) : 1;
    const off = value - used.expected;
    const side = off < 0 ? below : above;
    const size = Math.abs(off) / side;
    if (size === size && !(this.blockMaximum >= size)) this.blockMaximum = size;
    this.say(used.expected, below * factor, above * factor, into);
    if (!into.warming) into.score = size === size ? cappedScore(size / factor) : 0;
    into.cause = into.score > 0 ? "band" : "none";
  }

  private rateSparse(into: ScoredSlot): void {
    const distance = this.sparse.alarmDistance(this.value);
    const rest = distance === distance ? this.sparse.restingAt : Number.NaN;
    this.say(rest, distance, distance, into);
    // Of rare values too few were seen to say what is usual, as in the second day.
    into.warming ||= distance !== distance;
    const score = this.sparse.score(this.value);
    if (!into.warming) into.score = score === score ? cappedScore(score) : 0;
    into.cause = into.score > 0 ? "band" : "none";
  }

  private say(expected: number, below: number, above: number, into: ScoredSlot): void {
    into.warming = this.runs.isYoung;
    into.expected = this.expected = into.warming ? Number.NaN : expected;
    // A side without a limit has no edge to draw.
    into.lower = this.lower = below < Number.POSITIVE_INFINITY ? into.expected - below : Number.NaN;
    into.upper = this.upper = above < Number.POSITIVE_INFINITY ? into.expected + above : Number.NaN;
    into.score = Number.NaN;
  }

  private rateRuns(into: ScoredSlot): void {
    keepLarger(into, "silence", this.runs.silenceScore);
    if (!this.wasSparse) keepLarger(into, "stall", this.runs.stallScore);
  }

  private learn(timeMs: number, value: number, isAlarm: boolean): void {
    if (isAlarm) {
      this.anomalousRun++;
      this.heldBack.alarm();
    } else if (value === value) this.anomalousRun = 0;
    const isHeld = isAlarm && this.anomalousRun <= this.adoptSlots;
    const learned = isHeld ? this.used.expected : value;
    // Distances that were held back make no floor either.
    if (++this.slots % this.blockSlots === 0) {
      const isHeldBack = this.heldBack.close();
      const largest = Math.min(TAIL_RANGE.largest, Math.max(TAIL_RANGE.smallest, this.blockMaximum));
      this.tail.push(isHeldBack ? Number.NaN : largest);
      this.floor.push(isHeld ? Number.NaN : (value - this.used.expected) / this.unit.size);
      this.blockMaximum = Number.NaN;
    }
    this.sparse.push(value);
    this.recent.learn(timeMs, learned);
    this.forecaster.learn(timeMs, learned);
  }

  get isSparse(): boolean {
    return this.sparse.isSparse;
  }

  get offSeason(): number {
    return this.value - this.forecaster.expected;
  }

  explain(): Pick<Explanation, "parts" | "passes"> {
    const { value, expected, lower, upper } = this;
    const name = this.wasSparse ? "value against the one it rests at" : this.used.words;
    const limit = value < expected ? expected - lower : upper - expected;
    return {
      parts: inOrder([{ name, value: value - expected, limit }, ...this.runs.parts]),
      passes: lower < upper ? { low: lower, high: upper } : null,
    };
  }

  walk(state: StateCursor): void {
    this.slots = state.number(this.slots);
    this.anomalousRun = state.number(this.anomalousRun);
    this.blockMaximum = state.number(this.blockMaximum);
    this.unit.walk(state);
    this.runs.walk(state);
    this.sparse.walk(state);
    this.floor.walk(state);
    this.tail.walk(state);
    this.heldBack.walk(state);
    this.recent.walk(state);
    this.forecaster.walk(state);
  }
}

function isKnown({ expected, below, above }: Forecaster): boolean {
  return expected === expected && below === below && above === above;
}

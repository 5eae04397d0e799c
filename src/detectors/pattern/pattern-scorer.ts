import type { StateCursor } from "../../math/state-cursor.js";
import type { ScoredSlot } from "../detector.js";
import { type ExplainedPart, type Explanation, inOrder } from "../explanation.js";
import { boundedValue, cappedScore } from "../finite.js";
import type { ValueScorer } from "../machine/by-class.js";
import { RunWatch } from "../machine/run-watch.js";
import { DEFAULT_SPARSE, SparsePath } from "../machine/sparse-path.js";
import { Unit } from "../machine/unit.js";
import { keepLarger } from "../rules.js";
import { RangeRecords } from "./range-records.js";
import { type ShapeLimits, ShapeWatch } from "./shape-watch.js";

export interface PatternLimits extends ShapeLimits {
  /** A value this many times as far from the median as the series has been in four weeks is an alarm. */
  readonly record: number;
}

/**
 * In range, but never like this: an alarm is a course that matches no earlier one, or a value beyond all of the last four weeks. The band is
 * that of the records; a new course lies inside it.
 */
export class PatternScorer implements ValueScorer {
  private readonly limits: PatternLimits;
  private readonly runs: RunWatch;
  private readonly unit = new Unit();
  private readonly sparse: SparsePath;
  private readonly records: RangeRecords;
  private readonly shape: ShapeWatch;
  /** Of the last slot, for its explanation; no part of the state. */
  private value = Number.NaN;
  private expected = Number.NaN;
  private lower = Number.NaN;
  private upper = Number.NaN;
  private wasSparse = false;

  constructor(stepMs: number, limits: PatternLimits, silenceAfterMs?: number) {
    this.limits = limits;
    this.runs = new RunWatch(stepMs, silenceAfterMs);
    this.sparse = new SparsePath(stepMs, DEFAULT_SPARSE, this.unit);
    this.records = new RangeRecords(stepMs);
    this.shape = new ShapeWatch(stepMs, limits);
  }

  push(timeMs: number, value: number, into: ScoredSlot): void {
    const finite = boundedValue(value);
    this.value = finite;
    this.runs.push(finite);
    const times = this.unit.push(timeMs, finite);
    if (times !== 1) this.sparse.countIn(times);
    this.records.look(timeMs);
    this.wasSparse = this.sparse.isSparse;
    // A window is compared with those before it on the range before it.
    this.shape.push(finite, this.records.range);
    into.warming = this.runs.isYoung;
    into.score = Number.NaN;
    into.cause = "none";
    const isRecord = (this.wasSparse ? this.rateSparse(into) : this.rate(into)) >= 1;
    if (!into.warming) this.rateRuns(into);
    this.sparse.push(finite);
    this.records.learn(timeMs, finite, isRecord);
  }

  /** No window reaches across it, and no record is made. */
  pass(timeMs: number): void {
    this.runs.pass();
    this.records.look(timeMs);
    this.shape.push(Number.NaN, this.records.range);
  }

  /** @returns the score of the value alone, without its course. */
  private rate(into: ScoredSlot): number {
    const { records, shape, value } = this;
    const { record } = this.limits;
    this.say(records.median, record * records.below, record * records.above, into);
    if (into.warming) return 0;
    into.score = 0;
    const size = records.isKnown ? records.rate(value) / record : 0;
    keepLarger(into, "band", cappedScore(size));
    if (value === value) keepLarger(into, "shape", cappedScore(shape.score));
    return size;
  }

  private rateSparse(into: ScoredSlot): number {
    const distance = this.sparse.alarmDistance(this.value);
    if (distance !== distance) into.warming = true;
    this.say(this.sparse.restingAt, distance, distance, into);
    if (into.warming) return 0;
    into.score = 0;
    const size = this.sparse.score(this.value);
    keepLarger(into, "band", cappedScore(size));
    return size;
  }

  private say(expected: number, below: number, above: number, into: ScoredSlot): void {
    into.expected = this.expected = into.warming ? Number.NaN : expected;
    into.lower = this.lower = into.expected - below;
    into.upper = this.upper = into.expected + above;
  }

  private rateRuns(into: ScoredSlot): void {
    keepLarger(into, "silence", this.runs.silenceScore);
    if (!this.wasSparse) keepLarger(into, "stall", this.runs.stallScore);
  }

  get isSparse(): boolean {
    return this.sparse.isSparse;
  }

  /** It knows of no season. */
  get offSeason(): number {
    return Number.NaN;
  }

  explain(): Pick<Explanation, "parts" | "passes"> {
    const { value, expected, lower, upper, shape } = this;
    const isNewShape = !this.wasSparse && shape.score >= 1;
    const limit = value < expected ? expected - lower : upper - expected;
    return {
      parts: inOrder([
        { name: this.rangeWords(), value: value - expected, limit },
        ...(this.wasSparse ? [] : [shapePart(shape)]),
        ...this.runs.parts,
      ]),
      // Of a course that is new no single value is to blame.
      passes: !isNewShape && lower < upper ? { low: lower, high: upper } : null,
    };
  }

  private rangeWords(): string {
    if (this.wasSparse) return "value against the one it rests at";
    const { low, high } = this.records.range;
    if (this.value > high) return "new maximum of four weeks, against their median";
    if (this.value < low) return "new minimum of four weeks, against their median";
    return "value against the range of four weeks";
  }

  walk(state: StateCursor): void {
    this.unit.walk(state);
    this.runs.walk(state);
    this.sparse.walk(state);
    this.records.walk(state);
    this.shape.walk(state);
  }
}

function shapePart({ novelty, limit, score }: ShapeWatch): ExplainedPart {
  const words = score >= 1 ? "shape unlike any seen, nearest category" : "shape, nearest category";
  return { name: `${words} ${(1 - novelty).toFixed(2)}`, value: score * limit, limit, unit: "share" };
}

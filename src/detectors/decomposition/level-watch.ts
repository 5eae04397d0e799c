import { changepoints } from "../../augurs/changepoints.js";
import { median } from "../../math/median.js";
import { robustScale } from "../../math/robust-scale.js";
import type { StateCursor } from "../../math/state-cursor.js";
import { MINUTE_MS, WEEK_MS } from "../../time/duration.js";
import { formatNumber } from "../../wording/format-number.js";
import { formatIn } from "../../wording/moment.js";
import { cappedScore } from "../finite.js";
import { type Range, TrailingQuantile } from "../machine/trailing-quantile.js";

/** Finer steps are averaged: a level is no matter of a minute. */
const POINT_MS = 10 * MINUTE_MS;
/** Points that are looked at, a day of ten minutes. */
const POINTS = 144;
/** A level has at least this many points, and is news while it has at most as many as the other. */
const LEAST_POINTS = 3;
const NEWS_POINTS = 18;
const TAIL_MS = WEEK_MS;
const TAIL_QUANTILE = 0.99;
const SPREADS: Range = { smallest: 2 ** -4, largest: 2 ** 11 };

export interface LevelLimits {
  /** A change of the level by this many spreads of the remainder is an alarm, at the least … */
  readonly least: number;
  /** … and this many times what ordinary half hours of the week reach. */
  readonly beyond: number;
}

/** A level that is new. Values are in the metric's unit. */
interface NewLevel {
  readonly sinceMs: number;
  /** What would have been without the change, and what is. */
  readonly from: number;
  readonly to: number;
}

/**
 * Finds where the level of the remainder of the last day changed. The change is looked for only where the newest points lie far enough off to be an alarm, because that
 * takes milliseconds.
 */
export class LevelWatch {
  /** Size of the change in spreads, signed, while it is news; NaN without one. */
  change = Number.NaN;
  /** The change that is an alarm, in spreads. */
  limit = Number.NaN;
  private readonly limits: LevelLimits;
  private readonly timezone: string;
  private readonly pointMs: number;
  private readonly values = new Float64Array(POINTS).fill(Number.NaN);
  private readonly expected = new Float64Array(POINTS).fill(Number.NaN);
  private readonly tail: TrailingQuantile;
  /** Spread of the remainder, in the metric's unit. */
  private spread = Number.NaN;
  private point = Number.NaN;
  private valueSum = 0;
  private expectedSum = 0;
  private count = 0;
  private sinceMs = Number.NaN;
  private from = Number.NaN;
  private to = Number.NaN;

  constructor(stepMs: number, timezone: string, limits: LevelLimits) {
    this.limits = limits;
    this.timezone = timezone;
    this.pointMs = Math.max(POINT_MS, stepMs);
    const points = Math.round(TAIL_MS / this.pointMs);
    this.tail = new TrailingQuantile(points, TAIL_QUANTILE, Math.round(points / 14), 1, SPREADS);
  }

  /** 1 at the threshold; 0 without a new level. */
  get score(): number {
    const score = Math.abs(this.change) / this.limit;
    return score === score ? cappedScore(score) : 0;
  }

  /** Of the new level against what would have been, in the metric's unit: how far off it is and how far off is an alarm. */
  get distance(): number {
    return this.to - this.from;
  }
  get alarmDistance(): number {
    return this.limit * this.spread;
  }

  /** @example "level changed at 2025-07-01 14:20 from 3.1 to 4.9" */
  get note(): string {
    const at = formatIn(this.sinceMs, this.timezone);
    return `level changed at ${at} from ${formatNumber(this.from)} to ${formatNumber(this.to)}`;
  }

  /** @param value and @param expected of the slot, NaN where they are not known. */
  push(timeMs: number, value: number, expected: number): void {
    const point = Math.floor(timeMs / this.pointMs);
    if (point !== this.point) {
      if (this.point === this.point) this.close();
      this.point = point;
    }
    if (value !== value || expected !== expected) return;
    this.valueSum += value;
    this.expectedSum += expected;
    this.count++;
  }

  private close(): void {
    const { values, expected, count } = this;
    values.copyWithin(0, 1);
    expected.copyWithin(0, 1);
    values[POINTS - 1] = this.valueSum / count;
    expected[POINTS - 1] = this.expectedSum / count;
    this.valueSum = this.expectedSum = this.count = 0;
    this.change = Number.NaN;
    this.look();
  }

  private look(): void {
    const remainder = this.values.map((value, i) => value - this.expected[i]);
    const { location, spread } = robustScale(remainder.subarray(0, POINTS - LEAST_POINTS));
    if (!(spread > 0)) return;
    const tail = this.tail.value;
    const off = Math.abs(median(remainder.subarray(POINTS - LEAST_POINTS)) - location) / spread;
    this.tail.push(Math.min(SPREADS.largest, Math.max(SPREADS.smallest, off)));
    if (tail !== tail) return;
    this.spread = spread;
    this.limit = Math.max(this.limits.least, this.limits.beyond * tail);
    if (!(off >= this.limit)) return;
    const level = this.newLevel(remainder);
    if (level === undefined) return;
    this.change = (level.to - level.from) / spread;
    this.sinceMs = level.sinceMs;
    this.from = level.from;
    this.to = level.to;
  }

  private newLevel(remainder: Float64Array): NewLevel | undefined {
    const first = changepoints(remainder).findLast((at) => at <= POINTS - LEAST_POINTS);
    if (first === undefined || first < POINTS - NEWS_POINTS) return undefined;
    const to = median(this.values.subarray(first));
    const from = median(this.expected.subarray(first)) + median(remainder.subarray(0, first));
    return { sinceMs: (this.point - POINTS + 1 + first) * this.pointMs, from, to };
  }

  walk(state: StateCursor): void {
    this.change = state.number(this.change);
    this.limit = state.number(this.limit);
    this.spread = state.number(this.spread);
    this.point = state.number(this.point);
    this.valueSum = state.number(this.valueSum);
    this.expectedSum = state.number(this.expectedSum);
    this.count = state.number(this.count);
    this.sinceMs = state.number(this.sinceMs);
    this.from = state.number(this.from);
    this.to = state.number(this.to);
    state.array(this.values);
    state.array(this.expected);
    this.tail.walk(state);
  }
}

import type { StateCursor } from "../../math/state-cursor.js";
import { DAY_MS, HOUR_MS } from "../../time/duration.js";
import { RecentLevel } from "../band/recent-level.js";
import { resolutionOf } from "../finite.js";
import { KnownRange } from "./known-range.js";

/** A side of the range counts for no less than this share of the whole. */
const LEAST_SIDE = 0.1;
/** Every second value of the first ones is a record; after this many it is news, or after three days of coarse steps. */
const LEAST_SLOTS = 200;
const LEAST_MS = 3 * DAY_MS;
/** One wild value widens the range by no more than this many times, or nothing would ever be news again. */
const MOST_WIDER = 3;
/** An excursion is kept out of the range while it lasts, but no longer than this: then it is the new normal. */
const ADOPT_MS = HOUR_MS / 2;

/**
 * How far a value lies beyond all of the last four weeks: v = (x − median) / max(highest − median, 0.1 · range), and the same below. 1 is as far as
 * the series has been; it is 0 while too little was seen to call anything a record.
 */
export class RangeRecords {
  readonly range = new KnownRange();
  median = Number.NaN;
  /** From the median to as far as the series has been, in its unit. */
  below = Number.NaN;
  above = Number.NaN;
  private readonly level: RecentLevel;
  private readonly leastSlots: number;
  private readonly adoptSlots: number;
  private seen = 0;
  private heldSlots = 0;
  private heldLow = Number.NaN;
  private heldHigh = Number.NaN;

  constructor(stepMs: number) {
    this.level = new RecentLevel(stepMs, 7 * DAY_MS);
    this.leastSlots = Math.min(LEAST_SLOTS, Math.round(LEAST_MS / stepMs));
    this.adoptSlots = Math.max(1, Math.round(ADOPT_MS / stepMs));
  }

  /** Whether enough was seen to call a value a record. */
  get isKnown(): boolean {
    return this.seen >= this.leastSlots;
  }

  look(timeMs: number): void {
    this.range.look(timeMs);
    this.level.look();
    const { low, high } = this.range;
    this.median = Math.min(high, Math.max(low, this.level.expected));
    const least = Math.max(LEAST_SIDE * (high - low), resolutionOf(this.median));
    this.below = Math.max(this.median - low, least);
    this.above = Math.max(high - this.median, least);
  }

  /** 1 at the edge of the range; NaN while nothing is known. */
  rate(value: number): number {
    const off = value - this.median;
    return off < 0 ? -off / this.below : off / this.above;
  }

  /** @param isAlarm it is one, and waits until the excursion is over. */
  learn(timeMs: number, value: number, isAlarm: boolean): void {
    if (value !== value) return;
    this.seen++;
    const { median, below, above } = this;
    const clipped = this.isKnown
      ? Math.min(median + MOST_WIDER * above, Math.max(median - MOST_WIDER * below, value))
      : value;
    const isHeld = isAlarm && ++this.heldSlots <= this.adoptSlots;
    if (isHeld) {
      if (!(this.heldLow <= clipped)) this.heldLow = clipped;
      if (!(this.heldHigh >= clipped)) this.heldHigh = clipped;
      return;
    }
    if (!isAlarm) this.heldSlots = 0;
    this.range.learn(this.heldLow);
    this.range.learn(this.heldHigh);
    this.heldLow = this.heldHigh = Number.NaN;
    this.range.learn(clipped);
    this.level.learn(timeMs, clipped);
  }

  walk(state: StateCursor): void {
    this.seen = state.number(this.seen);
    this.heldSlots = state.number(this.heldSlots);
    this.heldLow = state.number(this.heldLow);
    this.heldHigh = state.number(this.heldHigh);
    this.range.walk(state);
    this.level.walk(state);
  }
}

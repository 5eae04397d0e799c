import { restoreState, type StateCursor, type Stateful, saveState, stateBytes } from "../../math/state-cursor.js";
import { DAY_MS } from "../../time/duration.js";
import type { ScoredSlot, ScorerState, SeriesScorer } from "../detector.js";
import type { Explanation } from "../explanation.js";
import { boundedValue } from "../finite.js";
import { ClassWatch, type SeriesClass } from "./series-class.js";

/** Scores the values of a series, or of a counter its increases a slot. */
export interface ValueScorer extends Stateful {
  push(timeMs: number, value: number, into: ScoredSlot): void;
  /** A slot from which nothing is learned, as `SeriesScorer.pass`. */
  pass(timeMs: number): void;
  explain(): Omit<Explanation, "class">;
  /** Whether the series rests at one value for most of the time. */
  readonly isSparse: boolean;
  /** How far the last slot was from what the season lets expect; NaN where that is not known. */
  readonly offSeason: number;
}

/**
 * Finds the class of a series and gives it the path of that class. A counter is scored by its increase a slot, resets being
 * starts from 0, as Prometheus counts them; which of the others a series is, the scorer of its values finds by itself.
 *
 * The class is looked at once a day. A series that turns out to be a counter, or no longer one, starts over.
 */
export class ScorerByClass implements SeriesScorer {
  private readonly open: () => ValueScorer;
  private readonly watch: ClassWatch;
  private readonly daySlots: number;
  private scorer: ValueScorer;
  readonly stateLength: number;
  private slots = 0;
  private isCounter = 0;
  /** Of a counter: its newest value, and the slots since. */
  private last = Number.NaN;
  private since = 1;
  /** Of the last slot: where its increase is counted from, and over how many slots; no part of the state. */
  private base = 0;
  private span = 1;

  /** @param open a scorer that has seen nothing yet. */
  constructor(stepMs: number, open: () => ValueScorer) {
    this.open = open;
    this.watch = new ClassWatch(stepMs);
    this.daySlots = Math.max(2, Math.round(DAY_MS / stepMs));
    this.scorer = open();
    this.stateLength = stateBytes(this);
  }

  push(timeMs: number, value: number, into: ScoredSlot): void {
    const finite = boundedValue(value);
    this.scorer.push(timeMs, this.isCounter === 1 ? this.increase(finite) : finite, into);
    if (this.isCounter === 1) {
      into.expected = this.base + into.expected * this.span;
      into.lower = this.base + into.lower * this.span;
      into.upper = this.base + into.upper * this.span;
    }
    this.watch.push(finite, this.scorer.offSeason);
    if (++this.slots % this.daySlots === 0) this.reconsider();
  }

  pass(timeMs: number, value: number): void {
    this.scorer.pass(timeMs);
    if (this.isCounter === 1) this.increase(boundedValue(value));
    if (++this.slots % this.daySlots === 0) this.reconsider();
  }

  /** What the series was found to be. */
  get class(): SeriesClass {
    return this.isCounter === 1 ? "counter" : this.watch.classOf(this.scorer.isSparse);
  }

  explain(): Explanation {
    const { parts, passes, notes } = this.scorer.explain();
    const [base, span] = this.isCounter === 1 ? [this.base, this.span] : [0, 1];
    return {
      class: this.class,
      parts,
      passes: passes === null ? null : { low: base + passes.low * span, high: base + passes.high * span },
      // Of a counter a level is what it rises by.
      ...(notes !== undefined && { notes: this.isCounter === 1 ? notes.map((note) => `${note} a slot`) : notes }),
    };
  }

  /** A slot, from the newest value on; NaN without one. */
  private increase(value: number): number {
    const { last, since } = this;
    this.base = value < last ? 0 : last;
    this.span = since;
    if (value !== value) {
      this.since++;
      return Number.NaN;
    }
    this.last = value;
    this.since = 1;
    return (value - this.base) / this.span;
  }

  private reconsider(): void {
    // What rests most of the time and rises now and then is a level that is raised, not a count that continues.
    const isCounter = this.watch.isCounter && (this.isCounter === 1 || !this.scorer.isSparse) ? 1 : 0;
    if (isCounter === this.isCounter) return;
    this.isCounter = isCounter;
    this.scorer = this.open();
    this.last = Number.NaN;
    this.since = 1;
  }

  /** Nothing is known of a series beforehand, and all that was learned is in its state. */
  turnTo(): void {}

  walk(state: StateCursor): void {
    this.slots = state.number(this.slots);
    this.isCounter = state.number(this.isCounter);
    this.last = state.number(this.last);
    this.since = state.number(this.since);
    this.watch.walk(state);
    this.scorer.walk(state);
  }

  save(spare?: ScorerState): Uint8Array {
    return saveState(this, this.stateLength, spare instanceof Uint8Array ? spare : undefined);
  }

  restore(state: ScorerState): void {
    if (!(state instanceof Uint8Array) || state.length !== this.stateLength) {
      throw new RangeError(`the state has ${state.length} elements, this scorer needs ${this.stateLength} bytes`);
    }
    restoreState(this, state);
  }
}

import type { StateCursor } from "../../math/state-cursor.js";
import { DAY_MS, HOUR_MS } from "../../time/duration.js";
import { type ExplainedPart, run } from "../explanation.js";
import { runScore } from "../rules.js";

/** Runs shorter than this, in time and in slots, are never an alarm. Collectors restart, and that is no incident. */
const LEAST_GAP_MS = 2 * HOUR_MS;
const LEAST_EQUAL_MS = HOUR_MS;
const LEAST_GAP_SLOTS = 3;
const LEAST_EQUAL_SLOTS = 6;
/** A run is an alarm at this many times the longest that was ordinary. */
const BEYOND_ORDINARY = 2;

/** Slots without a value that are the shortest silence: as given, or the least that is never an ordinary gap. */
export function leastSilenceSlots(stepMs: number, silenceAfterMs: number | undefined): number {
  if (silenceAfterMs !== undefined) return Math.max(1, Math.ceil(silenceAfterMs / stepMs));
  return Math.max(LEAST_GAP_SLOTS, Math.ceil(LEAST_GAP_MS / stepMs));
}

/**
 * Gaps and equal values in a row, against the longest that the series itself has shown before.
 *
 * A series begins with its first value, and begins again with the first value after a day without any.
 */
export class RunWatch {
  gap = 0;
  private age = 0;
  private equal = 0;
  private longestGap = 0;
  private longestEqual = 0;
  private last = Number.NaN;
  private readonly leastGap: number;
  private readonly leastEqual: number;
  private readonly daySlots: number;
  private readonly isGivenGap: boolean;

  /** @param silenceAfterMs a silence begins after it, whatever gaps the series has had; absent: that is learned. */
  constructor(stepMs: number, silenceAfterMs?: number) {
    this.isGivenGap = silenceAfterMs !== undefined;
    this.daySlots = Math.max(2, Math.round(DAY_MS / stepMs));
    this.leastGap = leastSilenceSlots(stepMs, silenceAfterMs);
    this.leastEqual = Math.max(LEAST_EQUAL_SLOTS, Math.ceil(LEAST_EQUAL_MS / stepMs));
  }

  /** Less than a day old. */
  get isYoung(): boolean {
    return this.age <= this.daySlots;
  }

  push(value: number): void {
    if (this.age > 0) this.age++;
    if (value !== value) {
      this.gap++;
      return;
    }
    if (this.age === 0 || this.gap >= this.daySlots) this.age = 1;
    // An outage of days is no ordinary gap, and the next one is to be reported as well.
    else this.longestGap = Math.max(this.longestGap, this.gap);
    this.gap = 0;
    if (value === this.last) {
      this.equal++;
      return;
    }
    this.longestEqual = Math.max(this.longestEqual, this.equal);
    this.equal = 1;
    this.last = value;
  }

  /** A slot from which nothing is learned: neither run grows or ends. */
  pass(): void {
    if (this.age > 0) this.age++;
  }

  get silenceScore(): number {
    return runScore(this.gap / this.silenceSlots);
  }

  get stallScore(): number {
    return this.gap > 0 || this.equal < 2 ? 0 : runScore(this.equal / this.stallSlots);
  }

  /** Both runs as they are. */
  get parts(): ExplainedPart[] {
    const silence = run("slots without a value", this.gap, this.silenceSlots);
    if (this.gap > 0 || this.equal < 2) return [silence];
    return [silence, run("equal values in a row", this.equal, this.stallSlots)];
  }

  private get silenceSlots(): number {
    return this.isGivenGap ? this.leastGap : Math.max(this.leastGap, BEYOND_ORDINARY * this.longestGap);
  }

  private get stallSlots(): number {
    return Math.max(this.leastEqual, BEYOND_ORDINARY * this.longestEqual);
  }

  walk(state: StateCursor): void {
    this.gap = state.number(this.gap);
    this.age = state.number(this.age);
    this.equal = state.number(this.equal);
    this.longestGap = state.number(this.longestGap);
    this.longestEqual = state.number(this.longestEqual);
    this.last = state.number(this.last);
  }
}

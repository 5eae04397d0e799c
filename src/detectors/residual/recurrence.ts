import type { StateCursor } from "../../math/state-cursor.js";
import { DAY_MS } from "../../time/duration.js";
import { LARGEST_SCORE } from "../finite.js";
import { LARGEST_SHIFT_MS } from "../machine/wall-slot.js";
import type { ResidualOptions } from "./options.js";

/** Sizes from 1 on are kept as sixteenths of an octave, 4.4 % apart, which fit in bytes; below 1 they do not matter. */
const STEPS_AN_OCTAVE = 16;
const DAYS = 7;
/** Days that speak with full voice; all of the week with half of it. */
const RECENT_DAYS = 3;
const WEEK_VOICE = 0.5;

/** Which way the series was off: more or less than expected. */
export type Side = "above" | "below";
const SIDES: readonly Side[] = ["above", "below"];

/**
 * What came at the same time of the last days: a burst that came on two of them is part of how the series is, and what it reached
 * then is what it may reach now.
 *
 * Of each few minutes by the wall clock the largest size is kept for either side, alarms included.
 */
export class Recurrence {
  private readonly blockSlots: number;
  private readonly dayBlocks: number;
  private readonly reach: number;
  private readonly rings: Readonly<Record<Side, Uint8Array>>;
  private readonly sizes: Record<Side, number> = { above: 1, below: 1 };
  private readonly days = new Uint8Array(DAYS);
  private block = Number.NaN;
  private newest = Number.NaN;

  constructor(stepMs: number, { blockMs, recurrenceMs }: ResidualOptions) {
    this.blockSlots = Math.max(1, Math.round(blockMs / stepMs));
    const heldMs = this.blockSlots * stepMs;
    this.dayBlocks = Math.max(1, Math.round(DAY_MS / heldMs));
    this.reach = Math.round(recurrenceMs / heldMs);
    const blocks = DAYS * this.dayBlocks + 2 * this.reach + 1 + Math.ceil(LARGEST_SHIFT_MS / heldMs);
    this.rings = { above: new Uint8Array(blocks), below: new Uint8Array(blocks) };
  }

  /** Moves on to a slot of the wall clock. A block that the clock shows for the second time keeps what it holds. */
  moveTo(wallSlot: number): void {
    const block = Math.floor(wallSlot / this.blockSlots);
    if (block === this.block) return;
    if (!(block <= this.newest)) {
      const first = this.newest === this.newest ? this.newest + 1 : block;
      for (let left = first; left <= block; left++) this.clear(left);
      this.newest = block;
    }
    this.block = block;
    this.recall();
  }

  /** What to divide a size by: what the side reached on other days, at least 1. */
  divisor(side: Side): number {
    return this.sizes[side];
  }

  /** @param size of the slot moved to, in alarms. */
  note(side: Side, size: number): void {
    const ring = this.rings[side];
    const at = this.block % ring.length;
    if (!(size > 1)) return;
    const kept = Math.round(Math.log2(Math.min(size, LARGEST_SCORE)) * STEPS_AN_OCTAVE);
    if (kept > ring[at]) ring[at] = kept;
  }

  private clear(block: number): void {
    for (const side of SIDES) this.rings[side][block % this.rings[side].length] = 0;
  }

  /** What either side reached on other days around the time moved to. */
  private recall(): void {
    const { above, below } = this.rings;
    this.sizes.above = this.usual(above);
    this.sizes.below = this.usual(below);
  }

  private usual(ring: Uint8Array): number {
    const { days, dayBlocks } = this;
    // A remainder for each block would take longer than all else of a slot.
    let from = ((this.block - this.reach) % ring.length) | 0;
    for (let day = 0; day < DAYS; day++) {
      from -= dayBlocks;
      if (from < 0) from += ring.length;
      days[day] = this.largestFrom(ring, from);
    }
    const sizeOf = (kept: number) => 2 ** (kept / STEPS_AN_OCTAVE);
    const week = secondLargest(days, DAYS);
    // Nothing on two of seven days is nothing on two of three.
    return week === 0 ? 1 : Math.max(1, sizeOf(secondLargest(days, RECENT_DAYS)), WEEK_VOICE * sizeOf(week));
  }

  private largestFrom(ring: Uint8Array, from: number): number {
    let at = from;
    let largest = 0;
    for (let i = 2 * this.reach; i >= 0; i--) {
      if (ring[at] > largest) largest = ring[at];
      at = at + 1 === ring.length ? 0 : at + 1;
    }
    return largest;
  }

  walk(state: StateCursor): void {
    this.block = state.number(this.block);
    this.newest = state.number(this.newest);
    for (const side of SIDES) state.array(this.rings[side]);
    if (state.isRestoring && this.block === this.block) this.recall();
  }
}

/** Of the first `count` values; 0 where fewer than two are above it. */
function secondLargest(values: Uint8Array, count: number): number {
  let largest = 0;
  let second = 0;
  for (let i = 0; i < count; i++) {
    const value = values[i];
    if (value > largest) {
      second = largest;
      largest = value;
    } else if (value > second) second = value;
  }
  return second;
}

import { DAY_MS } from "../../time/duration.js";
import { LARGEST_SCORE } from "../finite.js";
import type { ResidualOptions } from "./options.js";
import { LARGEST_SHIFT_MS } from "./wall-slot.js";

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
  private readonly days = new Float64Array(DAYS);
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
    for (const side of SIDES) this.sizes[side] = this.usual(side);
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

  private usual(side: Side): number {
    for (let day = 1; day <= DAYS; day++)
      this.days[day - 1] = this.largestAround(side, this.block - day * this.dayBlocks);
    const sizeOf = (kept: number) => 2 ** (kept / STEPS_AN_OCTAVE);
    const recent = sizeOf(secondLargest(this.days.subarray(0, RECENT_DAYS)));
    return Math.max(1, recent, WEEK_VOICE * sizeOf(secondLargest(this.days)));
  }

  private largestAround(side: Side, block: number): number {
    const ring = this.rings[side];
    let largest = 0;
    for (let at = block - this.reach; at <= block + this.reach; at++) {
      const size = ring[at % ring.length];
      if (size > largest) largest = size;
    }
    return largest;
  }

  get stateLength(): number {
    return 2 + 2 * this.rings.above.length;
  }

  save(into: Float64Array, offset: number): number {
    const { above, below } = this.rings;
    into.set([this.block, this.newest], offset);
    into.set(above, offset + 2);
    into.set(below, offset + 2 + above.length);
    return offset + this.stateLength;
  }

  restore(from: Float64Array, offset: number): number {
    const { above, below } = this.rings;
    [this.block, this.newest] = from.subarray(offset, offset + 2);
    above.set(from.subarray(offset + 2, offset + 2 + above.length));
    below.set(from.subarray(offset + 2 + above.length, offset + this.stateLength));
    for (const side of SIDES) this.sizes[side] = this.block === this.block ? this.usual(side) : 1;
    return offset + this.stateLength;
  }
}

function secondLargest(values: Float64Array): number {
  let largest = 0;
  let second = 0;
  for (const value of values) {
    if (value > largest) {
      second = largest;
      largest = value;
    } else if (value > second) second = value;
  }
  return second;
}

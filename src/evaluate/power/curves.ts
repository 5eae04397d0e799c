import { HOUR_MS, MINUTE_MS } from "../../time/duration.js";
import type { Shape } from "./inject.js";

/**
 * One question of the examination: incidents of one shape that grow, in size while they last as long (`size`), or in length
 * (`length`) where the shape has no size. From which rung on are they found?
 */
export interface Curve {
  readonly name: string;
  readonly shape: Shape;
  readonly grows: "size" | "length";
  /** How long the incident lasts; 0 is one slot. Of one that grows in length, how long it may last to be found at all. */
  readonly durationMs: number;
}

/**
 * The shapes that records distinguish, and lengths that people notice: minutes, a shift's half, a day. Rises only: what falls
 * far is the drop, and a smaller fall is as easy or hard as a rise of its size.
 */
export const CURVES: readonly Curve[] = [
  { name: "spike", shape: "spike", grows: "size", durationMs: 0 },
  { name: "shift_30m", shape: "shift", grows: "size", durationMs: 30 * MINUTE_MS },
  { name: "shift_4h", shape: "shift", grows: "size", durationMs: 4 * HOUR_MS },
  { name: "drift_6h", shape: "drift", grows: "size", durationMs: 6 * HOUR_MS },
  { name: "variance_2h", shape: "variance", grows: "size", durationMs: 2 * HOUR_MS },
  { name: "drop", shape: "drop", grows: "length", durationMs: 12 * HOUR_MS },
  { name: "stall", shape: "stall", grows: "length", durationMs: 24 * HOUR_MS },
  { name: "silence", shape: "silence", grows: "length", durationMs: 24 * HOUR_MS },
  { name: "pattern", shape: "pattern", grows: "length", durationMs: 12 * HOUR_MS },
];

/** Incidents of a curve that are tried in a series: of four smallest sizes, the largest is one that 4 of 5 incidents reach. */
export const PLACES = 4;

/** Sizes from a quarter of the series' spread to 64 times it, 9 % apart. */
const RUNGS_AN_OCTAVE = 8;
const SMALLEST_OCTAVE = -2;
const LARGEST_OCTAVE = 6;
export const SIZE_RUNGS = (LARGEST_OCTAVE - SMALLEST_OCTAVE) * RUNGS_AN_OCTAVE + 1;

/** The size of a rung, in spreads of the series. */
export function sizeOf(rung: number): number {
  return 2 ** (SMALLEST_OCTAVE + rung / RUNGS_AN_OCTAVE);
}

/** How long an incident of the curve lasts on a grid: at least a slot. */
export function slotsOf({ durationMs }: Curve, stepMs: number): number {
  return Math.max(1, Math.round(durationMs / stepMs));
}

/**
 * The share (0–1) of the rungs from the smallest that was found upwards: the power over incidents whose size or length is spread
 * evenly over the ladder.
 *
 * @param smallest in spreads, or in slots where the curve grows in length; infinite where none was found.
 */
export function shareFound(curve: Curve, smallest: number, stepMs: number): number {
  if (smallest === Number.POSITIVE_INFINITY) return 0;
  if (curve.grows === "size") {
    const octaves = Math.log2(smallest) - SMALLEST_OCTAVE;
    return 1 - octaves / (LARGEST_OCTAVE - SMALLEST_OCTAVE + 1 / RUNGS_AN_OCTAVE);
  }
  return 1 - Math.log2(smallest) / Math.log2(slotsOf(curve, stepMs) + 1);
}

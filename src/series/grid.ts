import type { Points } from "./points.js";

/** Points put on the slots of a step. */
export interface Gridded {
  /** Start of the first slot, a multiple of the step. */
  readonly startMs: number;
  readonly values: Float64Array;
  /** Points whose time was not the start of a slot. */
  readonly offGrid: number;
  /** Points that share a slot with another one and were averaged with it. */
  readonly averaged: number;
}

/** The start of the slot that holds a moment. */
export function slotStart(timeMs: number, stepMs: number): number {
  return Math.floor(timeMs / stepMs) * stepMs;
}

/** How many slots the grid of these points has: from the slot of the first time to that of the last. */
export function slotCount(points: Points, stepMs: number): number {
  const { times } = points;
  if (times.length === 0) return 0;
  return (slotStart(times[times.length - 1], stepMs) - slotStart(times[0], stepMs)) / stepMs + 1;
}

/**
 * Points on a regular grid, from the slot of the first point to that of the last. A time is floored to its slot; values
 * that fall into one slot are averaged, missing ones skipped; a slot without any value is NaN.
 *
 * @example toGrid({ times: Float64Array.of(0, 30_000, 120_000), values: Float64Array.of(1, 3, 5) }, 60_000)
 * // { startMs: 0, values: [2, NaN, 5], offGrid: 1, averaged: 2 }
 */
export function toGrid(points: Points, stepMs: number): Gridded {
  const { times, values: read } = points;
  const values = new Float64Array(slotCount(points, stepMs)).fill(Number.NaN);
  const startMs = times.length === 0 ? 0 : slotStart(times[0], stepMs);
  let offGrid = 0;
  let averaged = 0;
  let slot = -1;
  let sum = 0;
  let count = 0;
  let here = -1;
  let nextMs = startMs;
  for (let i = 0; i < times.length; i++) {
    // Nearly every point is one step after the last: no division for those.
    if (times[i] === nextMs) here++;
    else {
      const place = (times[i] - startMs) / stepMs;
      here = Math.floor(place);
      if (here !== place) offGrid++;
    }
    nextMs = startMs + (here + 1) * stepMs;
    const value = read[i];
    if (value !== value) continue;
    if (here === slot) {
      averaged += count === 1 ? 2 : 1;
      sum += value;
      count++;
      values[slot] = sum / count;
    } else {
      slot = here;
      sum = value;
      count = 1;
      values[slot] = value;
    }
  }
  return { startMs, values, offGrid, averaged };
}

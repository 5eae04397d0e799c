import { HOUR_MS } from "../time/duration.js";
import type { Knobs } from "./knobs.js";
import type { Trace } from "./trace.js";

/** The 24 h and 72 h levels of a metric that is itself a lag. */
export const LATENESS_LEVELS_MS = [24 * HOUR_MS, 72 * HOUR_MS] as const;

/** Level 0–2 of a lateness value; 0 for NaN and for metrics that are no lag. */
export function latenessLevel(value: number, knobs: Knobs): 0 | 1 | 2 {
  const lagMs = value * (knobs.latenessUnitMs ?? 0);
  return lagMs >= LATENESS_LEVELS_MS[1] ? 2 : lagMs >= LATENESS_LEVELS_MS[0] ? 1 : 0;
}

/**
 * Whether slot `i` is an alarm: its score reaches 1 and the knobs let it pass, or its lateness reaches a level.
 *
 * Direction, deviation and floor are about values; a stall or a silence has none and passes them.
 */
export function isAlarm(trace: Trace, i: number, knobs: Knobs): boolean {
  const observed = trace.series.values[i];
  if (latenessLevel(observed, knobs) > 0) return true;
  if (!(trace.score[i] >= 1)) return false;
  const cause = trace.cause[i];
  if (cause === "silence" || cause === "stall") return true;
  const expected = trace.expected[i];
  const deviation = observed - expected;
  if (knobs.direction === "up" && deviation < 0) return false;
  if (knobs.direction === "down" && deviation > 0) return false;
  if (Math.abs(deviation) < knobs.minDeviation) return false;
  if (Math.abs(deviation) < knobs.minRelativeDeviation * Math.abs(expected)) return false;
  return Math.max(Math.abs(observed), Math.abs(expected)) >= knobs.floor;
}

import type { TimeRange } from "../series/series.js";
import { DAY_MS } from "../time/duration.js";

export type WindowMode = "centred" | "trailing";

/**
 * The 24 hours that are looked at around an anomaly, on whole slots.
 *
 * `centred`: 12 hours before and 12 after, cut at the last slot that is over by now. `trailing`: the 24 hours that end with
 * the anomaly's own slot. The anomaly's slot is always inside.
 *
 * @example windowOf(Date.parse("2025-07-01T12:00Z"), 1_200_000, "trailing", Infinity).endMs // 12:20
 */
export function windowOf(timestampMs: number, stepMs: number, mode: WindowMode, nowMs: number): TimeRange {
  const slotMs = Math.floor(timestampMs / stepMs) * stepMs;
  const slots = Math.max(1, Math.round(DAY_MS / stepMs));
  if (mode === "trailing") return { startMs: slotMs - (slots - 1) * stepMs, endMs: slotMs + stepMs };
  const before = Math.floor(slots / 2);
  const lastOver = Math.floor(nowMs / stepMs) * stepMs;
  const endMs = Math.min(slotMs + (slots - before) * stepMs, lastOver);
  return { startMs: slotMs - before * stepMs, endMs: Math.max(endMs, slotMs + stepMs) };
}

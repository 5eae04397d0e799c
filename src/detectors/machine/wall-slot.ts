import { HOUR_MS } from "../../time/duration.js";
import { offsetMs } from "../../time/timezone.js";

/** No clock is set back by more. */
export const LARGEST_SHIFT_MS = 2 * HOUR_MS;

/** Where a zone's clock stands at a moment, in slots of `stepMs` since 1970 by that clock; it may skip or repeat slots where the clock changes. */
export function wallSlot(timeMs: number, stepMs: number, timezone: string): number {
  return Math.floor((timeMs + offsetMs(timeMs, timezone)) / stepMs);
}

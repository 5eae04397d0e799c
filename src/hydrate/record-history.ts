import { quantileSorted } from "../math/quantile.js";
import type { RecordHistory } from "../records/record.js";
import type { Series, TimeRange } from "../series/series.js";
import { DAY_MS, HOUR_MS } from "../time/duration.js";
import { formatUtc } from "../time/format.js";
import { roundTo } from "./record-context.js";

/** Two weeks hold each weekday twice: a weekly habit can be distinguished from something new. */
export const HISTORY_MS = 14 * DAY_MS;
/** 360 slots for two weeks and a day, of 8 kB; a picture has about three pixels for each. */
const SLOT_MS = HOUR_MS;
/** The history is drawn 60 px high. */
const DIGITS = 4;

/**
 * A series over a range in slots of an hour (or of its own step, where that is longer): the smallest, middle and largest
 * value of each. NaN is skipped; a slot without a value is null.
 *
 * @param parts the same series, one part after the other; each may have a step of its own, as archives do. A slot of
 *   a part that is longer than those of the history counts for each that it covers.
 */
export function recordHistory(parts: readonly Series[], range: TimeRange): RecordHistory {
  const stepMs = Math.max(SLOT_MS, parts.at(-1)?.stepMs ?? 0);
  const startMs = Math.floor(range.startMs / stepMs) * stepMs;
  const count = Math.max(0, Math.ceil((range.endMs - startMs) / stepMs));
  const slots = Array.from({ length: count }, (): number[] => []);
  for (const { startMs: partMs, stepMs: own, values } of parts) {
    for (let i = Math.max(0, Math.floor((startMs - partMs) / own)); i < values.length; i++) {
      const timeMs = partMs + i * own;
      if (timeMs >= range.endMs) break;
      if (!Number.isFinite(values[i])) continue;
      const last = Math.min(count - 1, Math.ceil((timeMs + own - startMs) / stepMs) - 1);
      for (let slot = Math.max(0, Math.floor((timeMs - startMs) / stepMs)); slot <= last; slot++) {
        slots[slot].push(values[i]);
      }
    }
  }
  for (const slot of slots) slot.sort((a, b) => a - b);
  const at = (p: number) => slots.map((slot) => roundTo(quantileSorted(slot, p), DIGITS));
  return { start: formatUtc(startMs), step_s: stepMs / 1000, low: at(0), median: at(0.5), high: at(1) };
}

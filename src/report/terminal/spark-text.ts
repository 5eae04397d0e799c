import { median } from "../../math/median.js";
import type { AnomalyRecord, HydratedRecord } from "../../records/record.js";

const BLOCKS = "▁▂▃▄▅▆▇█";

/** One character of a sparkline. */
export interface SparkCell {
  readonly text: string;
  /** Part of the episode. */
  readonly odd: boolean;
}

/**
 * The window of a record in this many characters. Each stands for the value of its time that lies farthest from the window's
 * median, so that no spike is lost; a blank is a time without values. Empty for a record without its window.
 */
export function sparkText(record: AnomalyRecord | Partial<HydratedRecord>, width: number): SparkCell[] {
  const context = (record as Partial<HydratedRecord>).context;
  if (!context || context.observed.length === 0) return [];
  const { observed, step_s } = context;
  const known = observed.filter((value) => value !== null).sort((a, b) => a - b);
  const middle = median(known);
  const [low, high] = [known[0], known[known.length - 1]];
  const count = Math.min(width, observed.length);
  const startMs = Date.parse(context.start);
  const slotMs = (observed.length * step_s * 1000) / count;
  const [from, to] = [Date.parse(record.start ?? ""), Date.parse(record.end ?? "")];
  return Array.from({ length: count }, (_, i) => {
    const first = Math.floor((i * observed.length) / count);
    const some = observed
      .slice(first, Math.floor(((i + 1) * observed.length) / count))
      .filter((value) => value !== null);
    const odd = startMs + i * slotMs < to && startMs + (i + 1) * slotMs > from;
    if (some.length === 0) return { text: " ", odd };
    const value = some.reduce((a, b) => (Math.abs(b - middle) > Math.abs(a - middle) ? b : a));
    // A constant is neither high nor low.
    const share = high > low ? (value - low) / (high - low) : 0.5;
    return { text: BLOCKS[Math.min(BLOCKS.length - 1, Math.floor(share * BLOCKS.length))], odd };
  });
}

export function plainSpark(cells: readonly SparkCell[]): string {
  return cells.map(({ text }) => text).join("");
}

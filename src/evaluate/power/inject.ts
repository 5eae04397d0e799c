import { normal, seededRandom } from "../../math/random.js";
import { DAY_MS } from "../../time/duration.js";

/** Kinds of incidents that are injected; the names are those of the records' kinds, where these have one. */
export type Shape = "spike" | "shift" | "drift" | "variance" | "drop" | "stall" | "silence" | "pattern";

/** An incident in a series: where it begins, and how it grows. */
export interface Injection {
  readonly shape: Shape;
  /** The slot of the values that it begins with. */
  readonly at: number;
  /** For how long a drift rises, in slots. */
  readonly slots: number;
  /** In the metric's unit; of no use to shapes that have no size. */
  readonly size: number;
  /** Draws the values of a wider spread. */
  readonly seed: number;
}

/**
 * The value that a slot of an incident has instead of its own, slot after slot from the first on. A slot without a value stays one.
 *
 * - spike, shift: `size` above what it was; drift: rising to that; variance: normal noise of that deviation on top;
 * - drop: zero; stall: the last value before; silence: none;
 * - pattern: what the series was half a day before: ordinary values at the wrong time.
 */
export function injector(values: Float64Array, injection: Injection, stepMs: number): (k: number) => number {
  const { shape, at, slots, size } = injection;
  switch (shape) {
    case "spike":
    case "shift":
      return (k) => values[at + k] + size;
    case "drift":
      return (k) => values[at + k] + (size * Math.min(slots, k + 1)) / slots;
    case "variance": {
      const random = seededRandom(injection.seed);
      return (k) => values[at + k] + size * normal(random);
    }
    case "drop":
      return (k) => values[at + k] * 0;
    case "stall": {
      const last = lastValue(values, at);
      return (k) => values[at + k] * 0 + last;
    }
    case "silence":
      return () => Number.NaN;
    case "pattern": {
      const halfDaySlots = Math.round(DAY_MS / 2 / stepMs);
      return (k) => {
        const before = values[at + k - halfDaySlots];
        return before === before ? before : values[at + k];
      };
    }
  }
}

function lastValue(values: Float64Array, at: number): number {
  for (let i = at - 1; i >= 0; i--) if (values[i] === values[i]) return values[i];
  return Number.NaN;
}

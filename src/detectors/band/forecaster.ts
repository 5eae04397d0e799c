import type { Stateful } from "../../math/state-cursor.js";

/**
 * What a detector expects of the next slot, and how far off is usual: a causal machine that is asked before it is told. `look` at a slot,
 * then `learn` its value, slot by slot.
 */
export interface Forecaster extends Stateful {
  /** What was compared, in words: `value against its usual at this hour of the week`. */
  readonly words: string;
  /** Works out what the slot at `timeMs` should be, from slots before it. */
  look(timeMs: number): void;
  /** In the metric's unit; NaN while it is not known. */
  readonly expected: number;
  /** The usual distance downwards and upwards, in the metric's unit; NaN while it is not known. */
  readonly below: number;
  readonly above: number;
  /** @param value of the slot that was looked at; while an incident is held back what was expected; NaN where there is none. */
  learn(timeMs: number, value: number): void;
  /** The slot that was looked at is left out: what was expected is remembered, and no error. Absent: it is learned as one without a value. */
  pass?(timeMs: number): void;
}

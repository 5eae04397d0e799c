/** One thing that a detector looked at in a slot. */
export interface ExplainedPart {
  /** What was compared, in words: `"value against the median of 15 slots before"`. */
  readonly name: string;
  /** How far it was off, in the metric's unit and signed; of a run its length in slots. */
  readonly value: number;
  /** What `value` and `limit` count where it is not the metric's unit: slots, or a share or ratio without a unit. */
  readonly unit?: "slots" | "share";
  /** The size at which this part alone scores 1: `|value| / limit` is its share of an alarm. */
  readonly limit: number;
}

/** Why a slot has its score. */
export interface Explanation {
  /** What kind of series it was taken for, where the detector asks: `"seasonal"`, `"counter"`. */
  readonly class?: string;
  /** Largest share of an alarm first; parts that could not be formed are left out. */
  readonly parts: readonly ExplainedPart[];
  /**
   * Values of the slot that would have scored below 1, all before it being as it was; null where that is not a matter of the
   * slot's value alone.
   */
  readonly passes: { readonly low: number; readonly high: number } | null;
  /** What happened, in words with their time: `"level changed at 2025-07-01 14:20 from 3.1 to 4.9"`. Reasons of a record. */
  readonly notes?: readonly string[];
}

/** Without what is not known or did not happen, the largest share of an alarm first. */
export function inOrder(parts: readonly ExplainedPart[]): ExplainedPart[] {
  return parts
    .filter(({ value, limit }) => Number.isFinite(value) && value !== 0 && limit > 0)
    .sort((a, b) => Math.abs(b.value) / b.limit - Math.abs(a.value) / a.limit);
}

/** A run of slots as a part. */
export function run(name: string, slots: number, limit: number): ExplainedPart {
  return { name, value: slots, limit, unit: "slots" };
}

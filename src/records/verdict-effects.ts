import type { Severity } from "./severity.js";

/** What a person's verdicts on earlier episodes changed of a record; it is absent where they changed nothing. */
export interface VerdictEffects {
  readonly adjusted_by?: Adjustment;
}

/** The record is held back: it looks like episodes that were false alarms, and is no stronger and no longer than they were. */
export interface Adjustment {
  readonly kind: "verdict";
  /** The verdicts that raised the limit, the highest limit first. */
  readonly verdicts: readonly {
    /** The episode that was judged. */
    readonly episode: string;
    readonly verdict: "false";
    readonly at: string;
    readonly author: string | null;
    readonly note: string | null;
  }[];
  /** What the score would have to reach; 1 without verdicts. */
  readonly limit: number;
  /** The anomalous slots up to which it is held back. */
  readonly points: number;
  /** `before`: what the record itself says; `after`: measured against `limit`. */
  readonly score: { readonly before: number; readonly after: number };
  /** `after` is null: nothing alerts for it. */
  readonly severity: { readonly before: Severity; readonly after: null };
}

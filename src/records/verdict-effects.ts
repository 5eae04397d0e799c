import type { Severity } from "./severity.js";

/** What people's verdicts on earlier episodes say and change of a record; nothing of it is there where they say nothing. */
export interface VerdictEffects {
  /** The chance (0 to 1, two digits) that people call it real, as the verdicts of earlier episodes have it. */
  readonly confidence?: number;
  readonly adjusted_by?: Adjustment;
}

/** Why a record is held back. */
export type Adjustment = LikeFalseAlarms | LowConfidence;

/** It alarmed alone on its machine, and is no stronger than false alarms of its series, nor much longer. */
export interface LikeFalseAlarms {
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

/** Its confidence is below what was requested. */
export interface LowConfidence {
  readonly kind: "confidence";
  readonly confidence: number;
  /** What was requested, with `--min-confidence`. */
  readonly least: number;
  readonly severity: { readonly before: Severity; readonly after: null };
}

/** A known span: what happens in it is expected, or has this cause. */
export interface KnownEvent {
  readonly id: string;
  readonly kind: "deploy" | "maintenance" | "holiday";
  /** All must hold; none: every series. */
  readonly matchers: readonly string[];
  readonly from: string;
  readonly until: string;
  readonly note: string | null;
}

/** An event as a record names it. */
export type RecordEvent = Pick<KnownEvent, "id" | "kind" | "from" | "until" | "note">;

/** What events say of a record; nothing of it is there without them. */
export interface EventEffects {
  /** Those that it overlaps, or begins in; in the order of their begin. */
  readonly events?: readonly RecordEvent[];
  /** Why nothing alerts for it: the maintenance that it lies in, the false alarm that it is no more than, or its low confidence (`adjusted_by` has the figures). */
  readonly suppressed_by?:
    | { readonly event: string; readonly kind: "maintenance"; readonly note: string | null }
    | { readonly episode: string; readonly kind: "verdict"; readonly note: string | null }
    | { readonly kind: "confidence"; readonly confidence: number; readonly note: null };
  /** `4m after deploy web-1.42` */
  readonly likely_cause?: string;
}

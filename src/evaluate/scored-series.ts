/** The scores of one series on its regular grid, with what is known of it; all arrays have one entry a slot. */
export interface ScoredSeries {
  readonly stepMs: number;
  /** 1 is the alerting threshold; NaN is a slot that was not scored. */
  readonly score: Float64Array;
  /** 1 where the slot belongs to a labelled event, else 0. */
  readonly label: Uint8Array;
  /** Slots at the start that are warm-up and do not count. */
  readonly ignoreSlots: number;
}

/** Slots of the ignored time: whole ones only, as in `int(ignore / step)`. */
export function ignoredSlots(ignoreMs: number, stepMs: number): number {
  return Math.trunc(ignoreMs / stepMs);
}

/** What a slot without score ranks as: below every score there is. */
export const UNSCORED_RANK = -1;

/** The scores with `UNSCORED_RANK` in place of NaN; a copy. */
export function ranked(score: Float64Array): Float64Array {
  return score.map((value) => (value === value ? value : UNSCORED_RANK));
}

/** Share (0–1) of the slots after the ignored ones that have no score; NaN where no slot is left. */
export function unscoredShare({ score, ignoreSlots }: Pick<ScoredSeries, "score" | "ignoreSlots">): number {
  let missing = 0;
  for (let i = ignoreSlots; i < score.length; i++) if (score[i] !== score[i]) missing++;
  const slots = Math.max(0, score.length - ignoreSlots);
  return slots === 0 ? Number.NaN : missing / slots;
}

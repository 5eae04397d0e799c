import type { SeriesState } from "../../records/status.js";
import type { Labels } from "../../series/series.js";

/** Which series it is. */
export interface SeriesIdentity {
  readonly name: string;
  readonly machine: string;
  readonly aggregator: string;
  readonly labels: Labels;
}

/** What is known of a series now. Numbers that are not known are NaN. */
export interface SeriesNow extends SeriesIdentity {
  readonly state: SeriesState;
  /** In words, where the state needs some. */
  readonly reason: string | null;
  /** Begin of the newest scored slot, epoch ms; the five figures are of that slot. */
  readonly atMs: number;
  readonly observed: number;
  readonly expected: number;
  readonly lower: number;
  readonly upper: number;
  readonly score: number;
}

/** The figures of a slot in the order in which they lie side by side. */
export const FIGURES = ["atMs", "observed", "expected", "lower", "upper", "score"] as const;
export type Figure = (typeof FIGURES)[number];

import type { FittedDetector } from "../detectors/detector.js";
import type { KnownEpisode } from "../records/identity.js";
import type { RecordOrigin } from "../records/origin.js";
import type { Inventory } from "../series/inventory.js";
import type { Labels, Series, TimeRange } from "../series/series.js";
import type { Knobs } from "./knobs.js";

/** A series that could not be fetched. */
export interface Problem {
  readonly labels: Labels;
  readonly expression: string;
  readonly kind: "no_data" | "failed";
  readonly reason: string;
}

/** Spans of a series, in any order. */
export type LeftOutOf = (series: Pick<Series, "name" | "labels">) => readonly TimeRange[];

export interface DetectRequest {
  /** The series that can be expected; none of a run without a model. */
  readonly inventory: Inventory;
  /** Of the values, where a series does not say it. */
  readonly unit: string | null;
  /** With its threshold at score 1. */
  readonly detector: FittedDetector;
  /** What the records say of where they come from. */
  readonly origin: RecordOrigin;
  /** Fetched series with the history before `fromMs` that the detector needs. */
  readonly series: readonly Series[];
  readonly problems: readonly Problem[];
  /** Episodes that touch `[fromMs, untilMs)` are reported. `untilMs` is "now": slots that end after it are not looked at. */
  readonly fromMs: number;
  readonly untilMs: number;
  readonly knobs: Knobs;
  readonly detectedAtMs: number;
  /** Episodes of earlier runs, so that one that continues keeps its id. */
  readonly known: readonly KnownEpisode[];
  /** The expression that fetches a series again. */
  readonly targetOf: (series: Series) => string;
  /** Spans of a series from which nothing is learned. Default: none. */
  readonly leftOutOf?: LeftOutOf;
  /** Keep the newly scored slots themselves. */
  readonly withPoints?: boolean;
  /** Keep what the series' group needs of the slots from here on; of a continued series those that are new. */
  readonly memberFromMs?: number;
  /** Keep what each score was made of. */
  readonly withEvidence?: boolean;
}

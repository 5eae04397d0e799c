import type { KnownEvent } from "../../records/known-event.js";
import type { SeriesPoints } from "../../runs/find-anomalies.js";
import type { TimeRange } from "../../series/series.js";
import type { ServedJob } from "../run/order.js";
import type { SeriesIdentity } from "../run/series-now.js";

/** What is to be replayed through a job's detector. */
export type Replayed =
  | { readonly kind: "series"; readonly series: readonly SeriesIdentity[] }
  /** In the language of the job's upstream. */
  | { readonly kind: "expression"; readonly expression: string }
  /** Of a Graphite. */
  | { readonly kind: "target"; readonly target: string };

export interface ReplayOrder {
  readonly served: ServedJob;
  readonly what: Replayed;
  readonly range: TimeRange;
  /** What is newer may still change, or is not there yet. */
  readonly settledMs: number;
  readonly mostSeries: number;
  /** Nothing is learned from maintenances and holidays. */
  readonly events: readonly KnownEvent[];
}

export interface ReplayAnswer {
  readonly points: readonly SeriesPoints[];
  /** Pieces that were there already, and those that were scored for this answer. */
  readonly cached: number;
  readonly scored: number;
}

import type { Labels, Series, TimeRange } from "../series/series.js";

/** One thing to ask of a source: an expression in the source's own language, and the labels its series get. */
export interface Target {
  /** Graphite target, PromQL expression, or (csv) the series name; may hold globs that match many series. */
  readonly expression: string;
  /** Labels already known before fetching (a fully expanded template); the source adds what it reads from names. */
  readonly labels: Labels;
}

export interface SeriesQuery {
  readonly targets: readonly Target[];
  /** Names a reply's series: `statsd.{machine}.gauges.{aggregator}` turns a path into labels. */
  readonly template?: string;
  /** Grid step wanted, ms. Absent: the source's own step, measured from the reply. */
  readonly stepMs?: number;
}

/** Why a target gave no usable series. `failed` is never shown as "no data", and neither is ever shown as normal. */
export interface TargetProblem {
  readonly target: Target;
  readonly kind: "no_data" | "failed";
  /** One sentence for people; holds no secret. */
  readonly reason: string;
}

export interface FetchResult {
  readonly series: readonly Series[];
  readonly problems: readonly TargetProblem[];
  /** Things worth a line on stderr: unreadable cells, steps that differ, series whose labels could not be read. */
  readonly notes: readonly string[];
}

export interface FetchProgress {
  readonly doneTargets: number;
  readonly totalTargets: number;
}

/**
 * Where series come from. Every source passes the same contract suite (`sources/testing/contract.ts`):
 * the same data in gives the same series out.
 */
export interface SeriesSource {
  readonly kind: string;
  /**
   * The series that the targets name, on the slots of `[range.startMs, range.endMs)`.
   *
   * Slots without a value are NaN. Every target ends either in at least one series or in one problem; a partial
   * failure is a problem, not an exception. Throws a `SourceError` only where nothing at all can be fetched
   * (unreachable, unauthorised), an `InputError` for unreadable files.
   */
  fetch(query: SeriesQuery, range: TimeRange, onProgress?: (progress: FetchProgress) => void): Promise<FetchResult>;
}

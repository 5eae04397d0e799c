import type { Labels } from "../series/series.js";
import type { EventEffects } from "./known-event.js";
import type { LeftOutSpan } from "./left-out.js";
import type { RecordOrigin } from "./origin.js";
import type { Severity } from "./severity.js";
import type { VerdictEffects } from "./verdict-effects.js";

export type { Severity } from "./severity.js";

/** The record format. A reader refuses what it does not know; fields are only ever added within one version. */
export const RECORD_SCHEMA = "anomaly/1";

export type Direction = "up" | "down" | "none";
export type EpisodeKind =
  | "spike"
  | "drop"
  | "level_shift"
  | "drift"
  | "stall"
  | "variance"
  | "silence"
  | "lateness"
  | "group";

/**
 * One episode of anomalous points, as it is written: one JSON object a line.
 *
 * Times are ISO 8601 in UTC with `Z`; durations are seconds; values are in the metric's own unit. Numbers that are
 * not known are null (a silence has no `observed`).
 */
export interface AnomalyRecord extends EventEffects, VerdictEffects {
  readonly schema: typeof RECORD_SCHEMA;
  readonly machine: string;
  readonly aggregator: string;
  /** The data's time of the worst point of the episode. */
  readonly timestamp: string;
  readonly severity: Severity;
  /** Stable: a hash of series, detector, job and the episode's start. An episode that continues keeps its id. */
  readonly id: string;
  readonly kind: EpisodeKind;
  /** The name at the source, e.g. the metric path; what a person would paste into Grafana. */
  readonly series: string;
  /** The expression that fetches this series again. */
  readonly target: string;
  readonly labels: Labels;
  /** When it began: the first anomalous slot, and for a run (silence, stall, zeros) the first slot of the run. */
  readonly start: string;
  /** When the score had first reached 1: the end of that slot. `start` to here is the delay of the detection. */
  readonly alerted_at: string;
  /** End (exclusive) of the last anomalous slot seen so far. */
  readonly end: string;
  /** `open`: still anomalous at the newest slot looked at. */
  readonly status: "open" | "closed";
  readonly duration_s: number;
  /** Anomalous slots in the episode. */
  readonly points: number;
  readonly step_s: number;
  /** Highest score of the episode; 1 is the alerting threshold. */
  readonly score: number;
  /** Value, expected value and band at `timestamp`. */
  readonly observed: number | null;
  readonly expected: number | null;
  readonly lower: number | null;
  readonly upper: number | null;
  readonly direction: Direction;
  /** In words, most telling first: `"3.1× the upper limit"`, `"3.8× the value 24 h ago"`. */
  readonly reasons: readonly string[];
  /** The figures behind the score at `timestamp`; null where the score is not what made the record; older records lack it. */
  readonly explanation?: RecordExplanation | null;
  readonly unit: string | null;
  readonly model: string;
  /** The rest of where it comes from, see `RecordOrigin`. Older records have no `job`, and null for what they did not say. */
  readonly model_version: string | null;
  readonly detector: string;
  readonly threshold: string | null;
  readonly threshold_divisor: number | null;
  readonly job?: string | null;
  /** Of a run through Grafana: the data source that was asked, for links into it. */
  readonly datasource_uid?: string;
  /** Spans before and in the episode from which the detector learned nothing: maintenances and holidays. Absent: there are none. */
  readonly left_out?: readonly LeftOutSpan[];
  /** Of a group (`kind` is `group`): how many series it has, and those that made its score, the largest share first. */
  readonly member_count?: number;
  readonly members?: readonly GroupMember[];
  /** When this was found: wall clock, or the moment given with `--at`. */
  readonly detected_at: string;
}

/** One series of a group that is anomalous, with all that fetches and scores it again. */
export interface GroupMember extends Omit<RecordOrigin, "job" | "datasource_uid"> {
  readonly series: string;
  readonly target: string;
  readonly labels: Labels;
  /** Of what made the group's score, from 0 to 1. */
  readonly share: number;
  /** Its own highest score in the group's episode; 1 is its own threshold. */
  readonly score: number;
  /** How far its value was off what the others' values say; 1 is what 99.5 % of a week stay below, 0: it has no relation to them. */
  readonly off: number;
  readonly unit: string | null;
  readonly left_out?: readonly LeftOutSpan[];
  /** What `hydrate` adds; null where it could not be fetched. */
  readonly context?: RecordContext | null;
}

/** What was compared in the worst slot, the largest share of an alarm first, and which values would have passed. */
export interface RecordExplanation {
  /** What kind of series it was taken for, where the detector asks. */
  readonly class?: string;
  /** `value` is how far off it was, in the metric's unit unless `unit` says otherwise; at `limit` it alone would score 1. */
  readonly parts: readonly {
    readonly name: string;
    readonly value: number | null;
    readonly limit: number | null;
    /** Where it is not the metric's own. */
    readonly unit?: "slots" | "share";
  }[];
  /** Null where that is not a matter of this slot's value alone. */
  readonly passes: { readonly low: number | null; readonly high: number | null } | null;
}

/**
 * The 24 hours around an episode on a regular grid, all arrays of one length; null is a slot without a value.
 * With these a picture or a report needs no source any more.
 */
export interface RecordContext {
  readonly start: string;
  readonly step_s: number;
  readonly observed: readonly (number | null)[];
  readonly expected: readonly (number | null)[];
  readonly lower: readonly (number | null)[];
  readonly upper: readonly (number | null)[];
  /** Observed 24 h and 72 h before each slot. */
  readonly lag_24h: readonly (number | null)[];
  readonly lag_72h: readonly (number | null)[];
}

/**
 * The two weeks before the window and the window itself on a coarse grid (an hour, or the series' own step where that is
 * longer): enough to see whether the episode is usual for the series. Arrays of one length; null is a slot without values.
 */
export interface RecordHistory {
  readonly start: string;
  readonly step_s: number;
  /** Smallest, middle and largest value of each slot. */
  readonly low: readonly (number | null)[];
  readonly median: readonly (number | null)[];
  readonly high: readonly (number | null)[];
}

/** What `hydrate` adds. All figures over the window; nulls and `hydrate_error` where it could not be fetched. */
export interface Hydration {
  readonly max_value: number | null;
  readonly avg_value: number | null;
  /** Share (0–1) of the window's expected slots that hold a value. */
  readonly valid_pct: number | null;
  readonly min_value: number | null;
  readonly p50_value: number | null;
  readonly p95_value: number | null;
  /** Median of the same hours on the days before (up to 7 days). */
  readonly baseline_value: number | null;
  readonly last_good_value: number | null;
  readonly last_good_at: string | null;
  /** Seconds from the episode's start to its end, or to now while it is open. */
  readonly duration_so_far_s: number | null;
  readonly window: { readonly start: string; readonly end: string; readonly mode: "centred" | "trailing" };
  readonly context: RecordContext | null;
  /** Absent in records of an older writer; null where it could not be fetched. */
  readonly history?: RecordHistory | null;
  readonly hydrate_error?: string;
}

export type HydratedRecord = AnomalyRecord & Hydration;

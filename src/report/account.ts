import { usualWords } from "../plot/history-strip.js";
import type { AnomalyRecord, GroupMember, HydratedRecord, RecordExplanation } from "../records/record.js";
import type { Adjustment } from "../records/verdict-effects.js";
import type { Labels } from "../series/series.js";

/** Everything that a record itself says about why it is one. Values in the metric's unit; null is not known. */
export interface Account {
  readonly id: string;
  readonly machine: string;
  readonly aggregator: string;
  readonly severity: string;
  readonly kind: string;
  readonly direction: string;
  readonly status: string;
  readonly start: string;
  readonly alerted_at: string;
  readonly end: string;
  /** From the begin of the episode to its alert, s. */
  readonly delay_s: number;
  readonly points: number;
  readonly step_s: number;
  readonly score: number;
  /** Always 1: what a score means does not depend on the series. */
  readonly threshold: 1;
  readonly timestamp: string;
  readonly observed: number | null;
  readonly expected: number | null;
  readonly lower: number | null;
  readonly upper: number | null;
  /** Observed less expected. */
  readonly deviation: number | null;
  /** How far the value lies outside of the band; 0 inside of it. */
  readonly beyond_band: number | null;
  readonly reasons: readonly string[];
  readonly unit: string | null;
  readonly model: string;
  readonly model_version: string | null;
  readonly detector: string;
  /** The level that 1 stands for, as it was requested; null where an older writer did not say. */
  readonly requested_threshold: string | null;
  readonly job: string | null;
  readonly series: string;
  readonly labels: Labels;
  readonly target: string;
  /** What hydrate found in the 24 hours; null where it has not been over the record. */
  readonly window: {
    readonly start: string;
    readonly end: string;
    readonly max: number | null;
    readonly average: number | null;
    readonly p95: number | null;
    readonly median: number | null;
    readonly min: number | null;
    readonly valid: number | null;
    readonly usual: number | null;
    readonly last_value: number | null;
    readonly last_value_at: string | null;
    readonly error: string | null;
  } | null;
  /** Whether the value was there in the two weeks before: `never as high, at most 0.0734`; null where that is not known. */
  readonly before: string | null;
  /** What verdicts on earlier episodes changed; null: nothing. */
  readonly confidence: number | null;
  readonly adjusted_by: Adjustment | null;
  /** How the detector came to the score; null where that is not known, or not what made the record. */
  readonly explanation: RecordExplanation | null;
  /** Of a group: who made its score, the largest share first; null for a record of one series. */
  readonly members: readonly Omit<GroupMember, "context">[] | null;
}

/** @param record hydrated or not; what is missing is null. */
export function accountOf(record: AnomalyRecord | HydratedRecord): Account {
  const { observed, expected, lower, upper } = record;
  const hydrated = "window" in record ? record : undefined;
  const history = hydrated?.history;
  const before = history ? usualWords(record as HydratedRecord, history).replace(/^: /, "") : "";
  return {
    id: record.id,
    machine: record.machine,
    aggregator: record.aggregator,
    severity: record.severity,
    kind: record.kind,
    direction: record.direction,
    status: record.status,
    start: record.start,
    alerted_at: record.alerted_at,
    end: record.end,
    delay_s: (Date.parse(record.alerted_at) - Date.parse(record.start)) / 1000,
    points: record.points,
    step_s: record.step_s,
    score: record.score,
    threshold: 1,
    timestamp: record.timestamp,
    observed,
    expected,
    lower,
    upper,
    deviation: difference(observed, expected),
    beyond_band: beyond(observed, lower, upper),
    reasons: record.reasons,
    unit: record.unit,
    model: record.model,
    model_version: record.model_version,
    detector: record.detector,
    requested_threshold: record.threshold,
    job: record.job ?? null,
    series: record.series,
    labels: record.labels,
    target: record.target,
    window:
      hydrated === undefined
        ? null
        : {
            start: hydrated.window.start,
            end: hydrated.window.end,
            max: hydrated.max_value,
            average: hydrated.avg_value,
            p95: hydrated.p95_value,
            median: hydrated.p50_value,
            min: hydrated.min_value,
            valid: hydrated.valid_pct,
            usual: hydrated.baseline_value,
            last_value: hydrated.last_good_value,
            last_value_at: hydrated.last_good_at,
            error: hydrated.hydrate_error ?? null,
          },
    before: before === "" ? null : before,
    confidence: record.confidence ?? null,
    adjusted_by: record.adjusted_by ?? null,
    explanation: record.explanation ?? null,
    members: record.members?.map(({ context: _, ...member }) => member) ?? null,
  };
}

function beyond(observed: number | null, lower: number | null, upper: number | null): number | null {
  if (observed === null || lower === null || upper === null) return null;
  if (observed > upper) return difference(observed, upper);
  return observed < lower ? difference(observed, lower) : 0;
}

/** Cut to the six digits that the record's own values have. */
function difference(a: number | null, b: number | null): number | null {
  return a === null || b === null ? null : Number((a - b).toPrecision(6));
}

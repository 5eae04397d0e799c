import type { AnomalyRecord } from "../records/record.js";

/** What of an episode verdicts on later and earlier ones go by. */
export type Look = Pick<
  AnomalyRecord,
  | "labels"
  | "series"
  | "direction"
  | "kind"
  | "start"
  | "alerted_at"
  | "score"
  | "points"
  | "observed"
  | "expected"
  | "lower"
  | "upper"
  | "explanation"
>;

/** An episode with the verdict that counts. */
export interface JudgedEpisode {
  readonly id: string;
  readonly look: Look;
  readonly verdict: "true" | "false" | "expected";
  /** When it was given, ISO 8601. */
  readonly at: string;
  readonly author: string | null;
  readonly note: string | null;
}

export function lookOf(record: AnomalyRecord): Look {
  const { labels, series, direction, kind, start, alerted_at, score, points } = record;
  const { observed, expected, lower, upper, explanation } = record;
  return {
    labels,
    series,
    direction,
    kind,
    start,
    alerted_at,
    score,
    points,
    observed,
    expected,
    lower,
    upper,
    explanation,
  };
}

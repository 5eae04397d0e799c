import type { AnomalyRecord } from "../records/record.js";

/** What of an episode decides whether another one looks like it. */
export type Look = Pick<
  AnomalyRecord,
  "labels" | "series" | "direction" | "kind" | "start" | "alerted_at" | "score" | "points"
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

export function lookOf({ labels, series, direction, kind, start, alerted_at, score, points }: AnomalyRecord): Look {
  return { labels, series, direction, kind, start, alerted_at, score, points };
}

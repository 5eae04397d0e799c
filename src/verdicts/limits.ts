import type { AnomalyRecord } from "../records/record.js";
import { seriesKey } from "../series/series.js";
import { DAY_MS } from "../time/duration.js";
import type { JudgedEpisode } from "./judged.js";

/** A verdict counts half after this: what was harmless in one season need not be in the next. Measured in bench/quality. */
const HALF_LIFE_MS = 28 * DAY_MS;
/** No verdict raises a limit further: an episode this strong is always shown. Between "high" (2.5) and "critical" (4). */
const HIGHEST_LIMIT = 3;
/** What is held back may last this many times as long as the false alarm. Measured in bench/quality. */
const LONGER = 3;
/** Scores are written with six digits: the least that is above one. */
const JUST_ABOVE = 1.0001;
/** A raise smaller than this is over: scores are near 1 by rounding as well. */
const LEAST_RAISE = 0.001;

/** An episode with a score below `limit` and no more than `points` anomalous slots is held back, because of `by`. */
export interface RaisedLimit {
  readonly limit: number;
  readonly points: number;
  readonly by: JudgedEpisode;
}

/**
 * The limits that false alarms of its series have raised for a record: just above the score each had, less for each day since, by the share of
 * false alarms among the series' verdicts of this direction, so that one that is real takes back what a false alarm has raised. None for one
 * that a person has called real. Highest limit first.
 *
 * Only verdicts count that were given before the episode alarmed: what a run says does not depend on when it runs.
 */
export function limitsFor(record: AnomalyRecord, judged: readonly JudgedEpisode[]): readonly RaisedLimit[] {
  if (judged.some(({ id, verdict }) => id === record.id && verdict === "true")) return [];
  const alertedMs = Date.parse(record.alerted_at);
  const key = seriesKey(record.labels);
  const known = judged.flatMap((one) => {
    const { look, at, verdict } = one;
    const isOfSeries = look.series === record.series && seriesKey(look.labels) === key;
    if (!isOfSeries || look.direction !== record.direction || verdict === "expected") return [];
    const ageMs = alertedMs - Date.parse(at);
    return ageMs < 0 ? [] : [{ one, weight: 2 ** (-ageMs / HALF_LIFE_MS) }];
  });
  const sum = (verdict: string) =>
    known.reduce((total, { one, weight }) => total + (one.verdict === verdict ? weight : 0), 0);
  const share = sum("false") / Math.max(sum("false") + sum("true"), Number.MIN_VALUE);
  return known
    .filter(({ one }) => one.verdict === "false")
    .map(({ one, weight }) => ({
      limit: 1 + (Math.min(HIGHEST_LIMIT, one.look.score * JUST_ABOVE) - 1) * weight * share,
      points: LONGER * Math.max(1, one.look.points),
      by: one,
    }))
    .filter(({ limit }) => limit >= 1 + LEAST_RAISE)
    .sort((a, b) => b.limit - a.limit || (a.by.id < b.by.id ? -1 : 1));
}

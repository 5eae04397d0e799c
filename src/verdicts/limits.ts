import type { AnomalyRecord } from "../records/record.js";
import { seriesKey } from "../series/series.js";
import { DAY_MS } from "../time/duration.js";
import type { JudgedEpisode, Look } from "./judged.js";
import { likeness } from "./likeness.js";

/** A verdict counts half after this: what was harmless in one season need not be in the next. */
const HALF_LIFE_MS = 14 * DAY_MS;
/** No verdict raises a limit further: an episode this strong is always shown. Between "high" (2.5) and "critical" (4). */
const HIGHEST_LIMIT = 3;
/** Scores are written with six digits: the least that is above one. */
const JUST_ABOVE = 1.0001;
/** Real episodes of each direction that a series is taken to have had at other times of day, before anybody said anything. */
const PRESUMED_REAL = 2;
/** A raise smaller than this is over: scores are near 1 by rounding as well. */
const LEAST_RAISE = 0.001;

/** Below this confidence any false alarm of the series and direction counts whole, whatever the time of day and kind. Measured in bench/quality. */
const DOUBTFUL = 0.35;

/** An episode with a score below `limit` and no more than `points` anomalous slots is held back, because of `by`. */
export interface RaisedLimit {
  readonly limit: number;
  readonly points: number;
  readonly by: JudgedEpisode;
}

/**
 * The limits that are raised for a record; none for one that a person has called real.
 *
 * @param confidence (0–1) as far as it is known: where it is low, the limits are higher.
 */
export function limitsFor(
  record: AnomalyRecord,
  judged: readonly JudgedEpisode[],
  confidence?: number,
): readonly RaisedLimit[] {
  const isReal = judged.some(({ id, verdict }) => id === record.id && verdict === "true");
  return isReal ? [] : raisedLimits(record, judged, confidence !== undefined && confidence < DOUBTFUL);
}

/**
 * What false alarms raised for an episode that looks like them: just above the score each had, less for each day since and for each way
 * in which it looks different. All count by the share of false alarms among the series' verdicts of this direction, so that one that is real
 * takes back what a false alarm has raised; at another time of day a lone false alarm counts little.
 *
 * Only verdicts count that were given before the episode alarmed: what a run says does not depend on when it runs. Highest limit first.
 */
function raisedLimits(episode: Look, judged: readonly JudgedEpisode[], isDoubtful: boolean): readonly RaisedLimit[] {
  const alertedMs = Date.parse(episode.alerted_at);
  const key = seriesKey(episode.labels);
  const known = judged.flatMap((one) => {
    const { look, at, verdict } = one;
    const isOfSeries = look.series === episode.series && seriesKey(look.labels) === key;
    if (!isOfSeries || look.direction !== episode.direction || verdict === "expected") return [];
    const ageMs = alertedMs - Date.parse(at);
    return ageMs < 0 ? [] : [{ one, weight: 2 ** (-ageMs / HALF_LIFE_MS) }];
  });
  const sum = (verdict: string) =>
    known.reduce((total, { one, weight }) => total + (one.verdict === verdict ? weight : 0), 0);
  const falseOnes = sum("false");
  const near = falseOnes / Math.max(falseOnes + sum("true"), Number.MIN_VALUE);
  const far = falseOnes / (falseOnes + sum("true") + PRESUMED_REAL);
  return known
    .filter(({ one }) => one.verdict === "false")
    .map(({ one, weight }) => {
      const raise = Math.min(HIGHEST_LIMIT, one.look.score * JUST_ABOVE) - 1;
      return {
        limit: 1 + raise * weight * (isDoubtful ? 1 : likeness(episode, one.look, { near, far })),
        points: Math.max(1, one.look.points),
        by: one,
      };
    })
    .filter(({ limit }) => limit >= 1 + LEAST_RAISE)
    .sort((a, b) => b.limit - a.limit || (a.by.id < b.by.id ? -1 : 1));
}

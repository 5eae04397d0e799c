import type { AnomalyRecord } from "../records/record.js";
import { seriesKey } from "../series/series.js";
import type { JudgedEpisode } from "./judged.js";
import { limitsFor } from "./limits.js";

const DIGITS = 6;

/**
 * The records with what verdicts on earlier episodes change of them; without verdicts the records themselves. One that is held back keeps its
 * score and severity, and gets `adjusted_by` and, unless it lies in a maintenance, `suppressed_by`. It is shown again by itself once it becomes
 * stronger or longer than the false alarms that it looks like.
 */
export function withVerdicts(
  records: readonly AnomalyRecord[],
  judged: readonly JudgedEpisode[],
): readonly AnomalyRecord[] {
  const bySeries = new Map<string, JudgedEpisode[]>();
  for (const one of judged) {
    const key = seriesKey(one.look.labels);
    const others = bySeries.get(key);
    if (others === undefined) bySeries.set(key, [one]);
    else others.push(one);
  }
  return records.map((given) => {
    const record = unadjusted(given);
    const own = bySeries.get(seriesKey(record.labels));
    return own === undefined ? record : adjusted(record, own);
  });
}

/** As it was before an earlier run held it back: the verdicts may have changed since. */
function unadjusted(record: AnomalyRecord): AnomalyRecord {
  if (record.adjusted_by === undefined) return record;
  const { adjusted_by, suppressed_by, ...bare } = record;
  return suppressed_by?.kind === "maintenance" ? { ...bare, suppressed_by } : bare;
}

function adjusted(record: AnomalyRecord, judged: readonly JudgedEpisode[]): AnomalyRecord {
  const holding = limitsFor(record, judged).filter(
    ({ limit, points }) => record.score < limit && record.points <= points,
  );
  if (holding.length === 0) return record;
  const [{ limit, by }] = holding;
  return {
    ...record,
    ...(record.suppressed_by === undefined && {
      suppressed_by: { kind: "verdict", episode: by.id, note: by.note },
    }),
    adjusted_by: {
      kind: "verdict",
      verdicts: holding.map(({ by: { id, at, author, note } }) => ({
        episode: id,
        verdict: "false",
        at,
        author,
        note,
      })),
      limit: Number(limit.toPrecision(DIGITS)),
      points: Math.max(...holding.map(({ points }) => points)),
      score: { before: record.score, after: Number((record.score / limit).toPrecision(DIGITS)) },
      severity: { before: record.severity, after: null },
    },
  };
}

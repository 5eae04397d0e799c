import type { AnomalyRecord } from "../records/record.js";
import type { LikeFalseAlarms } from "../records/verdict-effects.js";
import { seriesKey } from "../series/series.js";
import { type Company, companyAmong } from "./company.js";
import type { Confidence } from "./confidence/confidence.js";
import type { JudgedEpisode } from "./judged.js";
import { limitsFor } from "./limits.js";
import { doubted } from "./low-confidence.js";

const DIGITS = 6;

export interface Estimating {
  /** Absent: nothing is estimated. */
  readonly confidence?: Confidence;
  /** What has less confidence (0–1) is held back; absent: nothing is for that reason. */
  readonly minConfidence?: number;
  /** Whether other series of a record's machine alarmed with it. Default: by the records themselves. */
  readonly company?: Company;
}

/**
 * The records with what verdicts on earlier episodes say and change of them; without verdicts the records themselves. One that is held back keeps
 * its score and severity, and gets `adjusted_by` and, unless it lies in a maintenance, `suppressed_by`. It is shown again by itself once it becomes
 * stronger or much longer than the false alarms, or another series of its machine alarms with it.
 */
export function withVerdicts(
  records: readonly AnomalyRecord[],
  judged: readonly JudgedEpisode[],
  { confidence, minConfidence, company = companyAmong(records) }: Estimating = {},
): readonly AnomalyRecord[] {
  const bySeries = new Map<string, JudgedEpisode[]>();
  for (const one of judged) {
    const key = seriesKey(one.look.labels);
    const others = bySeries.get(key);
    if (others === undefined) bySeries.set(key, [one]);
    else others.push(one);
  }
  return records.map((given) => {
    const bare = unadjusted(given);
    const chance = confidence?.(bare);
    const record = chance === undefined ? bare : { ...bare, confidence: chance };
    const own = bySeries.get(seriesKey(record.labels)) ?? [];
    const held = own.length === 0 || company(record) ? record : likeFalseAlarms(record, own);
    if (held !== record || minConfidence === undefined) return held;
    const isCalledReal = own.some(({ id, verdict }) => id === record.id && verdict === "true");
    return isCalledReal ? record : doubted(record, minConfidence);
  });
}

/** As it was before an earlier run looked at the verdicts: they may have changed since. */
function unadjusted(record: AnomalyRecord): AnomalyRecord {
  if (record.adjusted_by === undefined && record.confidence === undefined) return record;
  const { adjusted_by: _, confidence: __, suppressed_by, ...bare } = record;
  return suppressed_by?.kind === "maintenance" ? { ...bare, suppressed_by } : bare;
}

function likeFalseAlarms(record: AnomalyRecord, judged: readonly JudgedEpisode[]): AnomalyRecord {
  const holding = limitsFor(record, judged).filter(
    ({ limit, points }) => record.score < limit && record.points <= points,
  );
  if (holding.length === 0) return record;
  const [{ limit, by }] = holding;
  const adjusted_by: LikeFalseAlarms = {
    kind: "verdict",
    verdicts: holding.map(({ by: { id, at, author, note } }) => ({ episode: id, verdict: "false", at, author, note })),
    limit: Number(limit.toPrecision(DIGITS)),
    points: Math.max(...holding.map(({ points }) => points)),
    score: { before: record.score, after: Number((record.score / limit).toPrecision(DIGITS)) },
    severity: { before: record.severity, after: null },
  };
  return {
    ...record,
    ...(record.suppressed_by === undefined && {
      suppressed_by: { kind: "verdict", episode: by.id, note: by.note },
    }),
    adjusted_by,
  };
}

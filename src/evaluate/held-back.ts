import type { AnomalyRecord } from "../records/record.js";
import type { Series } from "../series/series.js";
import type { Company } from "../verdicts/company.js";
import type { JudgedEpisode } from "../verdicts/judged.js";
import { limitsFor } from "../verdicts/limits.js";

/** What a slot that is held back scores: just below an alarm. */
const BELOW_ALARM = 0.999;

export interface HeldBackBy {
  readonly judged: readonly JudgedEpisode[];
  /** Whether other series of a record's machine alarmed with it. */
  readonly company: Company;
}

/**
 * The scores as people hear of them: slots of an episode that verdicts hold back are below 1, up to the slot in which it becomes stronger or much
 * longer than the false alarms. The scores themselves where nothing is held back.
 */
export function heldBackScores(
  score: Float64Array,
  { startMs, stepMs }: Pick<Series, "startMs" | "stepMs">,
  records: readonly AnomalyRecord[],
  by: HeldBackBy,
): Float64Array {
  if (by.judged.length === 0) return score;
  let heard = score;
  for (const record of records) {
    const limits = by.company(record) ? [] : limitsFor(record, by.judged);
    if (limits.length === 0) continue;
    const last = Math.min(score.length, Math.round((Date.parse(record.end) - startMs) / stepMs));
    let highest = 0;
    let points = 0;
    for (let i = Math.max(0, Math.round((Date.parse(record.start) - startMs) / stepMs)); i < last; i++) {
      if (!(score[i] >= 1)) continue;
      highest = Math.max(highest, score[i]);
      points++;
      if (!limits.some((one) => highest < one.limit && points <= one.points)) break;
      if (heard === score) heard = Float64Array.from(score);
      heard[i] = BELOW_ALARM;
    }
  }
  return heard;
}

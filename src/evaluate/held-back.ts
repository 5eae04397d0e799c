import type { AnomalyRecord } from "../records/record.js";
import type { Series } from "../series/series.js";
import type { Confidence } from "../verdicts/confidence/confidence.js";
import type { JudgedEpisode } from "../verdicts/judged.js";
import { limitsFor } from "../verdicts/limits.js";

/** What a slot that is held back scores: just below an alarm. */
const BELOW_ALARM = 0.999;

export interface HeldBackBy {
  readonly judged: readonly JudgedEpisode[];
  readonly confidence?: Confidence;
}

/**
 * The scores as people hear of them: slots of an episode that verdicts hold back are below 1, up to the slot in which it becomes stronger or longer
 * than the false alarms that it looks like. The scores themselves where nothing is held back.
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
    const last = Math.min(score.length, Math.round((Date.parse(record.end) - startMs) / stepMs));
    let highest = 0;
    let points = 0;
    for (let i = Math.max(0, Math.round((Date.parse(record.start) - startMs) / stepMs)); i < last; i++) {
      if (!(score[i] >= 1)) continue;
      highest = Math.max(highest, score[i]);
      points++;
      if (!isHeldSoFar(record, { score: highest, points }, by)) break;
      if (heard === score) heard = Float64Array.from(score);
      heard[i] = BELOW_ALARM;
    }
  }
  return heard;
}

/** Whether a run would have held it back when it was no stronger and no longer than this. */
function isHeldSoFar(
  record: AnomalyRecord,
  soFar: Pick<AnomalyRecord, "score" | "points">,
  { judged, confidence }: HeldBackBy,
): boolean {
  const { score, points } = soFar;
  const isHeld = (chance?: number) =>
    limitsFor(record, judged, chance).some((one) => score < one.limit && points <= one.points);
  // Low confidence only raises limits: where the highest would not do, nothing has to be estimated.
  return isHeld(0) && isHeld(confidence?.({ ...record, ...soFar }));
}

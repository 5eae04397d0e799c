import type { AnomalyRecord } from "../records/record.js";
import { companyAmong } from "../verdicts/company.js";
import { checkWords } from "../verdicts/confidence/check-words.js";
import type { GrownForests } from "../verdicts/confidence/confidence.js";
import { loadConfidence } from "../verdicts/confidence/load.js";
import type { JudgedEpisode } from "../verdicts/judged.js";
import { withVerdicts } from "../verdicts/with-verdicts.js";
import type { Found } from "./find-anomalies.js";

export interface Judging {
  /** Episodes that people gave a verdict on, for what these change of records. Default: none. Only called where there are records. */
  readonly judged?: () => Promise<readonly JudgedEpisode[]>;
  /** Records with less confidence (0–1) are held back. Default: none are. */
  readonly minConfidence?: number;
  /** Forests of earlier runs of this process. */
  readonly grownForests?: GrownForests;
  /** Hears of each forest that is grown from verdicts, in words. */
  readonly onForest?: (words: string) => void;
}

/**
 * What was found, with what verdicts on earlier episodes say and change of it.
 *
 * @param existing records of earlier runs: what alarmed with a record may have ended before this one.
 */
export async function withJudged(
  found: Found,
  existing: readonly AnomalyRecord[],
  { judged, minConfidence, grownForests, onForest }: Judging,
): Promise<Found> {
  if (judged === undefined || found.records.length + found.ended.length === 0) return found;
  const known = await judged();
  const grown: GrownForests = grownForests ?? new Map();
  const before = new Set(grown.values());
  const confidence = await loadConfidence(known, grown);
  const newest = confidence?.newest();
  if (newest !== undefined && !before.has(newest)) onForest?.(checkWords(newest.check));
  const company = companyAmong([...existing, ...found.ended, ...found.records]);
  const changing = { confidence: confidence?.of, minConfidence, company };
  return {
    ...found,
    records: withVerdicts(found.records, known, changing),
    ended: withVerdicts(found.ended, known, changing),
  };
}

import type { AnomalyRecord } from "../../records/record.js";
import { testRecord } from "../../records/testing/record.js";
import { formatUtc } from "../../time/format.js";

/** An episode of one slot of twenty minutes that begins at a time. */
export function shortEpisode(id: string, start: string, part: Partial<AnomalyRecord> = {}): AnomalyRecord {
  const end = formatUtc(Date.parse(start) + 1_200_000);
  const slot = { start, alerted_at: end, end, timestamp: start, points: 1, status: "closed" } as const;
  return testRecord({ id, ...slot, score: 1.3, severity: "low", ...part });
}

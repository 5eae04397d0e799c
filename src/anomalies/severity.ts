import type { Severity } from "../records/record.js";

/**
 * From these scores on, an episode is medium, high, critical; 1 is the threshold. What lies between is the detector's matter: a multiple of
 * what ordinary days stay below, or of what the series has done before.
 */
const LEVELS: readonly (readonly [number, Severity])[] = [
  [4, "critical"],
  [2.5, "high"],
  [1.5, "medium"],
];

/** @param lateness level of a lag metric: past 24 h is at least high, past 72 h critical. */
export function severityOf(score: number, lateness: 0 | 1 | 2): Severity {
  const byScore = LEVELS.find(([least]) => score >= least)?.[1] ?? "low";
  if (lateness === 2) return "critical";
  return lateness === 1 && byScore !== "critical" ? "high" : byScore;
}

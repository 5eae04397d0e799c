import type { AnomalyRecord } from "../records/record.js";

/** The record, held back where its confidence is below `least`; what is critical is always shown, and so is what has no confidence. */
export function doubted<R extends AnomalyRecord>(record: R, least: number): R {
  const { confidence, severity, adjusted_by, suppressed_by } = record;
  if (confidence === undefined || confidence >= least || severity === "critical" || adjusted_by !== undefined) {
    return record;
  }
  return {
    ...record,
    ...(suppressed_by === undefined && { suppressed_by: { kind: "confidence", confidence, note: null } }),
    adjusted_by: { kind: "confidence", confidence, least, severity: { before: severity, after: null } },
  };
}

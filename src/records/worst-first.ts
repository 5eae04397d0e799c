import type { AnomalyRecord, Severity } from "./record.js";

const RANK: Readonly<Record<Severity, number>> = { critical: 3, high: 2, medium: 1, low: 0 };

/**
 * For sorting: the worse severity first, then the higher confidence, then the higher score, then the later begin, then the id. What nobody has
 * estimated is doubted by nobody either.
 */
export function worstFirst<T extends Pick<AnomalyRecord, "severity" | "score" | "start" | "id" | "confidence">>(
  a: T,
  b: T,
): number {
  return (
    RANK[b.severity] - RANK[a.severity] ||
    (b.confidence ?? 1) - (a.confidence ?? 1) ||
    b.score - a.score ||
    Date.parse(b.start) - Date.parse(a.start) ||
    (a.id < b.id ? -1 : a.id > b.id ? 1 : 0)
  );
}

/** The worst of some severities; undefined for none. */
export function worstSeverity(severities: readonly Severity[]): Severity | undefined {
  return severities.reduce<Severity | undefined>(
    (worst, one) => (worst === undefined || RANK[one] > RANK[worst] ? one : worst),
    undefined,
  );
}

import type { Severity } from "../../records/record.js";

const RANK: Readonly<Record<Severity, number>> = { low: 0, medium: 1, high: 2, critical: 3 };

export const isWorse = (a: Severity, b: Severity | null): boolean => b === null || RANK[a] > RANK[b];
export const isAtLeast = (a: Severity, b: Severity): boolean => RANK[a] >= RANK[b];

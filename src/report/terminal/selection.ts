import type { AnomalyRecord, HydratedRecord } from "../../records/record.js";
import { worstFirst } from "../../records/worst-first.js";

export type SortOrder = "worst" | "newest" | "name";

export interface Selection {
  readonly sort: SortOrder;
  readonly openOnly: boolean;
  /** Also those that a verdict holds back. */
  readonly all: boolean;
  readonly limit?: number;
}

type AnyRecord = AnomalyRecord | HydratedRecord;

const ORDERS: Readonly<Record<SortOrder, (a: AnyRecord, b: AnyRecord) => number>> = {
  // What is still open can still be helped.
  worst: (a, b) => Number(b.status === "open") - Number(a.status === "open") || worstFirst(a, b),
  newest: (a, b) => Date.parse(b.start) - Date.parse(a.start) || worstFirst(a, b),
  name: (a, b) => compare(a.machine, b.machine) || compare(a.aggregator, b.aggregator) || compare(a.start, b.start),
};

/** The records to show, in their order. */
export function selected(records: readonly AnyRecord[], { sort, openOnly, all, limit }: Selection): AnyRecord[] {
  return records
    .filter((record) => (!openOnly || record.status === "open") && (all || record.adjusted_by === undefined))
    .sort(ORDERS[sort])
    .slice(0, limit);
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

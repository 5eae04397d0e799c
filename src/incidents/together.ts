import type { AnomalyRecord } from "../records/record.js";

/**
 * Groups of records that began together: in some window of `windowMs` they have at least `needed` different values of `keyOf`.
 * Windows that share records are one group; a record belongs to one at most. Records and groups are in the order of their start.
 */
export function begunTogether(
  records: readonly AnomalyRecord[],
  windowMs: number,
  needed: number,
  keyOf: (record: AnomalyRecord) => string,
): (readonly AnomalyRecord[])[] {
  const sorted = records
    .map((record) => ({ record, key: keyOf(record), startMs: Date.parse(record.start) }))
    .toSorted((a, b) => a.startMs - b.startMs || (a.record.id < b.record.id ? -1 : 1));
  // Keys and how often each occurs in the window [first, i] of the sorted records.
  const inWindow = new Map<string, number>();
  const spans: { first: number; last: number }[] = [];
  let first = 0;
  for (let i = 0; i < sorted.length; i++) {
    inWindow.set(sorted[i].key, (inWindow.get(sorted[i].key) ?? 0) + 1);
    for (; sorted[i].startMs - sorted[first].startMs > windowMs; first++) {
      const left = inWindow.get(sorted[first].key)! - 1;
      if (left === 0) inWindow.delete(sorted[first].key);
      else inWindow.set(sorted[first].key, left);
    }
    if (inWindow.size < needed) continue;
    const open = spans.at(-1);
    if (open !== undefined && first <= open.last) open.last = i;
    else spans.push({ first, last: i });
  }
  return spans.map(({ first: from, last }) => sorted.slice(from, last + 1).map(({ record }) => record));
}

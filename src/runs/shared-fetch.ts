import type { TimeRange } from "../series/series.js";
import type { FetchResult, Target } from "../sources/source.js";

export type Fetch = (targets: readonly Target[], range: TimeRange) => Promise<FetchResult>;

/** The longest answer to all targets is kept: whatever lies in it is not requested again. */
export function sharedFetch(fetch: Fetch, all: readonly Target[]): Fetch {
  let held: { readonly range: TimeRange; readonly result: FetchResult } | undefined;
  return async (targets, range) => {
    if (targets !== all) return fetch(targets, range);
    if (held !== undefined && held.range.startMs <= range.startMs && held.range.endMs >= range.endMs)
      return held.result;
    held = { range, result: await fetch(targets, range) };
    return held.result;
  };
}

import type { FittedAt } from "./fitting.js";

/** The fits that were there for one series, in order of time: of those of one time the one that looks at it. @param key its `seriesKey`. */
export function fitsFor(fits: readonly FittedAt[], key: string): readonly FittedAt[] {
  const byTime = new Map<number, FittedAt>();
  for (const fit of fits) {
    const { keys = null, fromMs } = fit;
    if (keys?.includes(key) === true || (keys === null && !byTime.has(fromMs))) byTime.set(fromMs, fit);
  }
  return [...byTime.values()];
}

import type { ReplySeries } from "./reply-series.js";

/**
 * Parts of the time of several series as one reply each, in the order in which the series came first.
 *
 * @param keyOf what makes two replies the same series.
 */
export function joinReplies(parts: readonly ReplySeries[], keyOf: (reply: ReplySeries) => string): ReplySeries[] {
  const bySeries = new Map<string, ReplySeries[]>();
  for (const part of parts) {
    const key = keyOf(part);
    const others = bySeries.get(key);
    if (others === undefined) bySeries.set(key, [part]);
    else others.push(part);
  }
  return [...bySeries.values()].map((several) => {
    if (several.length === 1) return several[0];
    return {
      ...several[0],
      times: concatenated(several.map(({ times }) => times)),
      values: concatenated(several.map(({ values }) => values)),
      infinite: several.reduce((sum, { infinite }) => sum + infinite, 0),
    };
  });
}

function concatenated(arrays: readonly Float64Array[]): Float64Array {
  const all = new Float64Array(arrays.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const array of arrays) {
    all.set(array, at);
    at += array.length;
  }
  return all;
}

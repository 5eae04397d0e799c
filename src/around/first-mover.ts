/** When a change that belongs to what moved together may have begun. */
export interface Beginning {
  readonly stepMs: number;
  /** Of the first slot. */
  readonly startMs: number;
  /** Chance of each slot that the change began in it and belongs to the others; sums to the chance that it belongs to them. */
  readonly chances: Float64Array;
}

/**
 * The chance of each to have been the first of what moved together: over all moments, that it began then and that none of the
 * others that belong to it had begun before. Who began in the same slot does not rule one another out, so the chances of
 * several that began at once may sum to more than 1.
 */
export function firstChances(beginnings: readonly Beginning[]): number[] {
  const times = [
    ...new Set(
      beginnings.flatMap(({ startMs, stepMs, chances }) => [...chances.keys()].map((i) => startMs + i * stepMs)),
    ),
  ].sort((a, b) => a - b);
  // Log of the chance that one has not begun before a moment, summed over all.
  const none = new Float64Array(times.length);
  const own = beginnings.map(({ startMs, stepMs, chances }) => {
    const logs = new Float64Array(times.length);
    let begun = 0;
    let slot = 0;
    times.forEach((timeMs, t) => {
      while (slot < chances.length && startMs + slot * stepMs < timeMs) begun += chances[slot++];
      logs[t] = Math.log1p(-Math.min(begun, MOST));
      none[t] += logs[t];
    });
    return logs;
  });
  const placeOf = new Map(times.map((timeMs, t) => [timeMs, t]));
  return beginnings.map(({ startMs, stepMs, chances }, i) => {
    let sum = 0;
    chances.forEach((chance, slot) => {
      const t = placeOf.get(startMs + slot * stepMs)!;
      if (chance > 0) sum += chance * Math.exp(none[t] - own[i][t]);
    });
    return sum;
  });
}

/** Nothing is certain, or one series could rule all others out. */
const MOST = 0.999;

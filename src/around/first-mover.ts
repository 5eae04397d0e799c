/** When a change that belongs to what moved together may have begun. */
export interface Beginning {
  readonly stepMs: number;
  /** Of the first slot. */
  readonly startMs: number;
  /** Chance of each slot that the change began in it and belongs to the others; sums to the chance that it belongs to them. */
  readonly chances: Float64Array;
}

/** The chance to have been the first of what moved together, and to have been one of its first two. */
export interface FirstChance {
  readonly first: number;
  readonly firstTwo: number;
}

/**
 * The chance of each to have been the first of what moved together: over all moments, that it began then and that none of the
 * others that belong to it had begun before; and the same with at most one of them before. Who began in the same slot does not
 * rule one another out, so the chances of several that began at once may sum to more than 1, or 2.
 */
export function firstChances(beginnings: readonly Beginning[]): FirstChance[] {
  const times = [
    ...new Set(
      beginnings.flatMap(({ startMs, stepMs, chances }) => [...chances.keys()].map((i) => startMs + i * stepMs)),
    ),
  ].sort((a, b) => a - b);
  // Log of the chance that one has not begun before a moment, summed over all; and the odds that it has, which summed are the
  // chance that exactly one has over the chance that none has.
  const none = new Float64Array(times.length);
  const one = new Float64Array(times.length);
  const own = beginnings.map(({ startMs, stepMs, chances }) => {
    const begunBefore = new Float64Array(times.length);
    let begun = 0;
    let slot = 0;
    times.forEach((timeMs, t) => {
      while (slot < chances.length && startMs + slot * stepMs < timeMs) begun += chances[slot++];
      begunBefore[t] = Math.min(begun, MOST);
      none[t] += Math.log1p(-begunBefore[t]);
      one[t] += odds(begunBefore[t]);
    });
    return begunBefore;
  });
  const placeOf = new Map(times.map((timeMs, t) => [timeMs, t]));
  return beginnings.map(({ startMs, stepMs, chances }, i) => {
    let first = 0;
    let second = 0;
    chances.forEach((chance, slot) => {
      if (!(chance > 0)) return;
      const t = placeOf.get(startMs + slot * stepMs)!;
      const noneBefore = chance * Math.exp(none[t] - Math.log1p(-own[i][t]));
      first += noneBefore;
      second += noneBefore * (one[t] - odds(own[i][t]));
    });
    return { first, firstTwo: first + second };
  });
}

/** Nothing is certain, or one series could rule all others out. */
const MOST = 0.999;

const odds = (chance: number) => chance / (1 - chance);

/** A stretch without values. */
export interface Silence {
  readonly from: number;
  readonly until: number;
}

/** The longest run of missing slots; one that has no end in the values ends with them. */
export function longestSilence(values: Float64Array): Silence {
  let best: Silence = { from: 0, until: 0 };
  eachSilence(values, (silence) => {
    if (silence.until - silence.from > best.until - best.from) best = silence;
  });
  return best;
}

/** A series that was silent for this share of the time on an earlier day is nothing new. */
const KNOWN_SHARE = 0.5;

/**
 * The chance that a window has a silence as long as this one, if gaps begin and go on as on earlier days: their number is
 * Poisson, their length geometric, with half a gap and one slot of two added for what was not seen yet. 1 where an earlier day
 * had one half as long.
 *
 * @param windowSlots slots in which it may begin.
 */
export function silenceChance({ from, until }: Silence, earlier: readonly Float64Array[], windowSlots: number): number {
  const length = until - from;
  if (length === 0) return 1;
  let gaps = 0;
  let missing = 0;
  let slots = 0;
  let longest = 0;
  for (const values of earlier) {
    slots += values.length;
    eachSilence(values, (silence) => {
      gaps++;
      missing += silence.until - silence.from;
      longest = Math.max(longest, silence.until - silence.from);
    });
  }
  if (longest >= KNOWN_SHARE * length) return 1;
  const begins = ((gaps + 0.5) / slots) * windowSlots;
  const goesOn = (missing - gaps + 1) / (missing + 2);
  return -Math.expm1(-begins * goesOn ** (length - 1));
}

function eachSilence(values: Float64Array, take: (silence: Silence) => void): void {
  let from = 0;
  for (let i = 0; i <= values.length; i++) {
    if (i < values.length && values[i] !== values[i]) continue;
    if (i > from) take({ from, until: i });
    from = i + 1;
  }
}

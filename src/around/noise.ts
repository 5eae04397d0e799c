import { robustScale } from "../math/robust-scale.js";

/** What a series does on ordinary days: how far it is from its reference, and how much of that lasts to the next slot. */
export interface Noise {
  /** Robust standard deviation, in the series' unit; > 0. */
  readonly spread: number;
  /** Autocorrelation from slot to slot, 0 to `MOST_MEMORY`. */
  readonly memory: number;
}

/** Above it a level would be taken for a wander and a wander for a level. */
const MOST_MEMORY = 0.95;
/** Values that the spread is read from: its standard error is then 4 %. */
const SAMPLED = 512;
/** A wild value counts as one of this many spreads. */
const CLIP = 3;
/** The spread of a series that never moved, as a share of its level: what a float keeps of it. */
const LEAST_SHARE = 1e-9;

/** The noise of the reference days. NaN is skipped. @param level of the series, which says what a constant one's least spread is. */
export function noiseOf(reference: readonly Float64Array[], level: number): Noise {
  const total = reference.reduce((sum, { length }) => sum + length, 0);
  const stride = Math.max(1, Math.floor(total / SAMPLED));
  const some = new Float64Array(Math.ceil(total / stride) + reference.length);
  let n = 0;
  let from = 0;
  for (const day of reference) {
    let i = from;
    for (; i < day.length; i += stride) some[n++] = day[i];
    from = i - day.length;
  }
  const { spread } = robustScale(some.subarray(0, n));
  const least = Math.max(Math.abs(level) * LEAST_SHARE, Number.MIN_VALUE * 2 ** 60);
  if (!(spread > least)) return { spread: least, memory: 0 };
  let together = 0;
  let squares = 0;
  for (const day of reference) {
    let last = Number.NaN;
    for (const value of day) {
      const now = Math.max(-CLIP, Math.min(CLIP, value / spread));
      if (now === now) squares += now * now;
      if (now === now && last === last) together += now * last;
      last = now;
    }
  }
  const memory = squares === 0 ? 0 : together / squares;
  return { spread, memory: Math.max(0, Math.min(MOST_MEMORY, memory)) };
}

/** A deviation of more spreads counts as one of this many: what one wild slot can say is bounded. */
const MOST_SPREADS = 5;
/** One event of a series of rare events is no more than that. */
export const MOST_SPREADS_OF_EVENTS = 3;

/**
 * What is new in each slot: the deviation in spreads, less what was to be expected after the slot before, over its own standard
 * deviation (the innovations of an autoregression of order 1). After a gap all of the deviation is new. NaN stays NaN.
 */
export function innovations(deviations: Float64Array, { spread, memory }: Noise, most = MOST_SPREADS): Float64Array {
  const out = new Float64Array(deviations.length);
  const scale = 1 / Math.sqrt(1 - memory * memory);
  let last = Number.NaN;
  for (let i = 0; i < deviations.length; i++) {
    const now = Math.max(-most, Math.min(most, deviations[i] / spread));
    const fresh = last === last ? (now - memory * last) * scale : now;
    out[i] = Math.max(-most, Math.min(most, fresh));
    last = now;
  }
  return out;
}

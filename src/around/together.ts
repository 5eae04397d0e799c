import { quantile } from "../math/quantile.js";
import type { Labels } from "../series/series.js";
import type { Group } from "./groups.js";

/** When something began to move, and what it is. */
export interface Onset {
  readonly timeMs: number;
  readonly labels: Labels;
}

export interface Background {
  readonly windowMs: number;
  /** Changes a millisecond that begin on ordinary days. */
  readonly rate: number;
}

/** Five minutes of two hours: what begins further apart did not begin together, however scattered all is. */
const MOST_REACH = 1 / 24;
/** A minute of two hours: onsets are not known better. */
const LEAST_REACH = 1 / 120;
/**
 * How likely a change that begins at a moment is one of many that belong together rather than one of those that begin on any day:
 * how densely others begin around it, against how many do by chance (a local false discovery rate, Efron 2001, over time). The
 * kernel is a two-sided exponential of the width that Silverman's rule of thumb gives.
 *
 * @param group a label that is frequent among what moved: who has it is likelier to belong to it.
 * @returns for the onset of an index, were it at this moment: 0–1.
 */
export function togetherAt(
  onsets: readonly Onset[],
  { windowMs, rate }: Background,
  group?: { readonly of: Group; readonly moved: number; readonly all: number },
): (index: number, timeMs: number) => number {
  const times = onsets.map(({ timeMs }) => timeMs);
  const reachMs = reachOf(times, windowMs);
  const near = new Map<number, number>();
  const densityAt = (timeMs: number) => {
    let density = near.get(timeMs);
    if (density === undefined) {
      density = times.reduce((sum, other) => sum + Math.exp(-Math.abs(other - timeMs) / reachMs), 0) / (2 * reachMs);
      near.set(timeMs, density);
    }
    return density;
  };
  const weights = onsets.map(({ labels }) => (group === undefined ? 1 : likelihood(labels, group)));
  return (index, timeMs) => {
    const own = Math.exp(-Math.abs(times[index] - timeMs) / reachMs) / (2 * reachMs);
    const together = Math.max(0, densityAt(timeMs) - own - rate) * weights[index];
    return together / (together + rate);
  };
}

/** How much more frequent a label (or its absence) is among what moved than among all; one of each is added to both. */
function likelihood(
  labels: Labels,
  { of, moved, all }: { readonly of: Group; readonly moved: number; readonly all: number },
): number {
  const has = labels[of.label] === of.value;
  const among = ((has ? of.moved : moved - of.moved) + 1) / (moved + 2);
  return among / (((has ? of.all : all - of.all) + 1) / (all + 2));
}

/** Silverman, Density Estimation (1986), eq. 3.31: 0.9 of the smaller of deviation and quartile range, over the fifth root of the number. */
function reachOf(times: readonly number[], windowMs: number): number {
  const mean = times.reduce((sum, time) => sum + time, 0) / times.length;
  const deviation = Math.sqrt(times.reduce((sum, time) => sum + (time - mean) ** 2, 0) / times.length);
  const quartiles = (quantile(times, 0.75) - quantile(times, 0.25)) / 1.34;
  const rule = 0.9 * Math.min(deviation, quartiles) * times.length ** -0.2;
  return Math.min(windowMs * MOST_REACH, Math.max(windowMs * LEAST_REACH, rule));
}

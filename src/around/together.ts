import { quantile } from "../math/quantile.js";
import type { Labels } from "../series/series.js";
import type { Beginning } from "./first-mover.js";
import type { Group } from "./groups.js";

/** When something began to move, and what it is. */
export interface Onset {
  readonly timeMs: number;
  readonly labels: Labels;
  /** Chance of the like without any change, 0–1. */
  readonly chance: number;
}

/** What those that belong together have in common, once it is known by time alone who they are. */
export interface InCommon {
  readonly group?: { readonly of: Group; readonly moved: number; readonly all: number };
  /** How much likelier a chance is among them than on ordinary days; see `rarity.ts`. */
  readonly ofChance: (chance: number) => number;
}

export interface Background {
  readonly startMs: number;
  readonly windowMs: number;
  /** Changes a millisecond that begin on ordinary days. */
  readonly rate: number;
}

/** Places at which the density is known: half a minute of two hours. */
const GRID = 240;
/** From this share of the highest density on, what moved together is under way. */
const DENSE_SHARE = 0.25;
/** Five minutes of two hours: what begins further apart did not begin together, however scattered all is. */
const MOST_REACH = 1 / 24;
/** A minute of two hours: onsets are not known better. */
const LEAST_REACH = 1 / 120;

/**
 * How densely changes that belong together begin at a moment: how densely others begin around it, less how many do by chance. Over
 * the sum of both it is the chance to belong to them (a local false discovery rate, Efron 2001, over time). The
 * kernel is a two-sided exponential of the width that Silverman's rule of thumb gives. What began earlier belongs to them only as far
 * as it is connected: two that happened to begin at once, with nothing between them and the others, do not.
 *
 * @param common a label that is frequent among what moved, and how rare these changes are: who is alike is likelier to belong.
 * @returns for the onset of an index, were it at this moment: changes a millisecond, to be compared with the rate of the background.
 */
export function togetherAt(
  onsets: readonly Onset[],
  { startMs, windowMs, rate }: Background,
  { group, ofChance }: InCommon = { ofChance: () => 1 },
): (index: number, timeMs: number) => number {
  const times = onsets.map(({ timeMs }) => timeMs);
  const reachMs = reachOf(times, windowMs);
  const kernel = (apartMs: number) => Math.exp(-Math.abs(apartMs) / reachMs) / (2 * reachMs);
  const grid = Float64Array.from({ length: GRID + 1 }, (_, g) => startMs + (g * windowMs) / GRID);
  const density = grid.map((at) => times.reduce((sum, other) => sum + kernel(other - at), 0));
  const most = density.reduce((highest, value) => Math.max(highest, value), 0);
  const dense = density.findIndex((value) => value >= most * DENSE_SHARE);
  // The least density on the way from a moment to where it is dense, without the one that is looked at.
  const densityAt = (index: number, timeMs: number) => {
    let least = times.reduce((sum, other, j) => (j === index ? sum : sum + kernel(other - timeMs)), 0);
    for (let g = dense; g >= 0 && grid[g] > timeMs; g--) {
      least = Math.min(least, density[g] - kernel(times[index] - grid[g]));
    }
    return least;
  };
  const weights = onsets.map(
    ({ labels, chance }) => ofChance(chance) * (group === undefined ? 1 : likelihood(labels, group)),
  );
  return (index, timeMs) => Math.max(0, densityAt(index, timeMs) - rate) * weights[index];
}

/**
 * The chance of each slot that a change began in it and belongs to what moved together, by Bayes: what the series says of its
 * begin, times how densely others begin then. So a series whose own begin is vague is taken to have begun with the others, and
 * one whose begin is sharp before or after them.
 *
 * @param beginning by the series alone, summing to 1. @param togetherOf as `togetherAt` gives it for this series.
 */
export function belongingOf(
  { startMs, stepMs, chances }: Beginning,
  togetherOf: (timeMs: number) => number,
  rate: number,
): Beginning {
  const together = chances.map((chance, slot) => (chance < NEVER ? 0 : chance * togetherOf(startMs + slot * stepMs)));
  const all = together.reduce((sum, density) => sum + density, rate);
  // What was there when the window began may have begun at any time before, so it says nothing of who was first.
  return { startMs, stepMs, chances: together.map((density, slot) => (slot === 0 ? 0 : density / all)) };
}

/** A chance that no sum shows. */
const NEVER = 1e-6;

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

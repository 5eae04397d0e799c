import { quantile, quantileInPlace } from "../math/quantile.js";
import { MAD_TO_SIGMA } from "../math/robust-scale.js";
import { smallMedian } from "../math/small-median.js";
import { DAY_MS, HOUR_MS } from "../time/duration.js";
import type { Episode } from "./episodes.js";
import type { Trace } from "./trace.js";

/** The usual of a slot is the median of the same time on this many days before: a week, so that one odd day has no say. */
const USUAL_DAYS = 7;
/**
 * How far the series lies from its usual is read from the three days that end this long before the episode: detection may come
 * late, and a drift of a day that is found late must not be taken for the level.
 */
const LEAD_MS = 3 * HOUR_MS;
const LEVEL_DAYS = 3;
/** A deviation belongs to what happened from this many times the ordinary size on; below it is noise. */
const BEYOND_NOISE = 3;
/** What happened is over once less than this share of its height is left. */
const OVER_SHARE = 0.3;

/**
 * How an episode runs, by the series' own values and past alone. Detectors differ in when they alarm, how soon they take a change
 * for the new normal, and what they expect meanwhile; the shape does not.
 */
export interface Shape {
  /** From where the values leave the usual to where they are back (or the newest slot), in slots; both included. */
  readonly first: number;
  readonly last: number;
  /** By slot from `first` on: observed less usual, in the metric's unit; NaN without a value. */
  readonly deviations: Float64Array;
  /** By slot from `first` on. */
  readonly usual: Float64Array;
  /** Size of an ordinary deviation: its standard deviation over the days before, robustly. */
  readonly noise: number;
}

/** The shape around an episode. Without any past the usual is NaN, and then all of it. */
export function shapeOf({ series }: Trace, episode: Episode): Shape {
  const { values, stepMs } = series;
  const lead = Math.round(LEAD_MS / stepMs);
  const day = Math.max(1, Math.round(DAY_MS / stepMs));
  const from = Math.max(0, episode.first - lead - LEVEL_DAYS * day);
  const until = Math.max(from + 1, episode.first - lead);
  const days = new Float64Array(USUAL_DAYS);
  const seasonal = (i: number) => {
    let n = 0;
    for (let at = i - day; at >= 0 && at >= i - USUAL_DAYS * day; at -= day) {
      if (Number.isFinite(values[at])) days[n++] = values[at];
    }
    return smallMedian(days, n);
  };
  // Plain loops: of thousands of slots a minute, `from` and `filter` with a function take several times as long.
  const before = new Float64Array(until - from);
  let known = 0;
  for (let k = 0; k < before.length; k++) {
    before[k] = values[from + k] - seasonal(from + k);
    if (before[k] === before[k]) known++;
  }
  // A young series has hardly any other days to go by: its own level before the episode is its usual.
  const hasSeason = known * 2 >= before.length;
  const level = hasSeason
    ? quantileInPlace(before.slice(), 0.5)
    : quantile(values.subarray(from, Math.max(from + 1, episode.first)), 0.5);
  const usualAt = (i: number) => level + (hasSeason ? seasonal(i) : 0);
  const ordinary = hasSeason ? before : values.slice(from, episode.first);
  for (let k = 0; k < ordinary.length; k++) ordinary[k] = Math.abs(ordinary[k] - level);
  const noise = MAD_TO_SIGMA * quantileInPlace(ordinary, 0.5);
  const at = (i: number) => values[i] - usualAt(i);

  let { first, last } = episode;
  let height = highest(at, first, last);
  if (Math.abs(height) <= BEYOND_NOISE * noise && Math.abs(at(first - 1)) > BEYOND_NOISE * noise) {
    // All that alarmed is the way back: what happened lies before it.
    last = --first;
    height = at(first);
  }
  const isPart = (i: number, least: number) => at(i) * Math.sign(height) > least;
  while (first > Math.max(0, episode.first - day) && isPart(first - 1, BEYOND_NOISE * noise)) first--;
  height = highest(at, first, last);
  const over = Math.max(BEYOND_NOISE * noise, OVER_SHARE * Math.abs(height));
  while (last + 1 < values.length && isPart(last + 1, over)) last++;
  // An episode may end with quiet slots that were bridged, or with the alarm of its return.
  while (last > first && Math.abs(height) > over && !isPart(last, over)) last--;
  return {
    first,
    last,
    deviations: Float64Array.from({ length: last - first + 1 }, (_, k) => at(first + k)),
    usual: Float64Array.from({ length: last - first + 1 }, (_, k) => usualAt(first + k)),
    noise: noise === noise ? noise : 0,
  };
}

/** The deviation of the largest size, with its sign; 0 without any. */
function highest(at: (slot: number) => number, first: number, last: number): number {
  let height = 0;
  for (let i = first; i <= last; i++) if (Math.abs(at(i)) > Math.abs(height)) height = at(i);
  return height;
}

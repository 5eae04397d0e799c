import { quantileSorted } from "../../math/quantile.js";
import { robustScale } from "../../math/robust-scale.js";
import { DAY_MS } from "../../time/duration.js";
import type { SeriesKnowledge } from "../detector.js";

/** A series that the forests have not seen is scored by its own scale once it has this much history. */
export const OWN_SCALE_MS = 3 * DAY_MS;

/** What is known of one series alone; everything else the family shares. */
export interface SeriesProfile extends SeriesKnowledge {
  /** Median and robust deviation, in the metric's unit; `spread` > 0. */
  readonly location: number;
  readonly spread: number;
  /** How much heavier this series' tail is than the family's, by view: its distances are divided by it. >= 1. */
  readonly recentTail: number;
  readonly seasonalTail: number;
  /** Equal values in a row that are a stall. */
  readonly stallSlots: number;
  /** Zeros in a row that are a drop; Infinity where zero is an ordinary value. */
  readonly zeroSlots: number;
  /** Share (0–1) of slots that held a value. */
  readonly coverage: number;
}

/** An ordinary gap or run of the past, times this, is not ordinary any more. */
const BEYOND_ORDINARY = 2;
/** The longest few runs of a history may be incidents themselves: the ordinary length is this quantile. */
const ORDINARY_RUN = 0.99;
/** Runs this many times longer than the next longest are incidents, if they are few and take up to a tenth of the slots. */
const LONE_FACTOR = 6;
const MOST_LONE = 3;
const LONE_SHARE = 0.1;
/** Fewer slots are too little to call a silence, a stall, a drop, whatever the history says. */
const LEAST_SILENCE = 3;
const LEAST_STALL = 6;
const LEAST_ZERO = 2;
/** Above this share of zeros, zero is a value like others. 1 in 2,000 is about one slot a month at 20 minutes. */
const RARE_ZERO = 0.0005;
/** A constant series has no spread; a change of this share of its level is taken as one deviation. */
const CONSTANT_SPREAD = 0.01;

/**
 * Learns the profile of one series. NaN is a slot without a value; a series without any gets the neutral location 0 and
 * spread 1.
 */
export function profileSeries(values: Float64Array): SeriesProfile {
  const scale = robustScale(values);
  const isEmpty = Number.isNaN(scale.location);
  const location = isEmpty ? 0 : scale.location;
  const floor = Math.abs(location) * 1e-6 || 1e-9;
  const spread = isEmpty
    ? 1
    : scale.spread > floor
      ? scale.spread
      : Math.max(Math.abs(location) * CONSTANT_SPREAD, floor);
  const runs = runLengths(values);
  const silence = ordinary(runs.gaps, values.length);
  const stall = ordinary(runs.equal, values.length);
  const rareZero = runs.valid > 0 && runs.zeros / runs.valid <= RARE_ZERO && Math.abs(location) > 0;
  return {
    location,
    spread,
    recentTail: 1,
    seasonalTail: 1,
    silenceSlots: Math.max(LEAST_SILENCE, Math.ceil(silence * BEYOND_ORDINARY)),
    stallSlots: Math.max(LEAST_STALL, Math.ceil(stall * BEYOND_ORDINARY)),
    zeroSlots: rareZero ? LEAST_ZERO : Number.POSITIVE_INFINITY,
    coverage: values.length === 0 ? 0 : runs.valid / values.length,
  };
}

interface Runs {
  readonly gaps: number[];
  /** Lengths of runs of two and more equal values; gaps do not end a run. */
  readonly equal: number[];
  readonly zeros: number;
  readonly valid: number;
}

function runLengths(values: Float64Array): Runs {
  const gaps: number[] = [];
  const equal: number[] = [];
  let gap = 0;
  let run = 0;
  let last = Number.NaN;
  let zeros = 0;
  let valid = 0;
  for (let i = 0; i < values.length; i++) {
    const value = values[i];
    if (value !== value) {
      gap++;
      continue;
    }
    // What precedes the first value is not a gap but a series that had not begun.
    if (gap > 0 && valid > 0) gaps.push(gap);
    gap = 0;
    valid++;
    if (value === 0) zeros++;
    if (value === last) run++;
    else {
      if (run > 1) equal.push(run);
      run = 1;
      last = value;
    }
  }
  if (run > 1) equal.push(run);
  return { gaps, equal, zeros, valid };
}

/** The longest run that is still ordinary; 0 without any. */
function ordinary(lengths: readonly number[], slots: number): number {
  const sorted = Float64Array.from(lengths).sort();
  const kept = sorted.subarray(0, sorted.length - loneRuns(sorted, slots));
  return kept.length === 0 ? 0 : quantileSorted(kept, ORDINARY_RUN);
}

/** How many of the longest runs stand apart from all others: an outage in the history must not make the next one ordinary. */
function loneRuns(sorted: Float64Array, slots: number): number {
  let lone = 0;
  let taken = 0;
  for (let n = 1; n <= Math.min(MOST_LONE, sorted.length); n++) {
    const shortest = sorted[sorted.length - n];
    const next = sorted[sorted.length - n - 1] ?? 1;
    taken += shortest;
    if (taken > LONE_SHARE * slots) break;
    if (shortest > LONE_FACTOR * next) lone = n;
  }
  return lone;
}

/** The profile with silences after this long, ms, whatever the gaps of its history; null leaves it as it is. */
export function silenceAfter(profile: SeriesProfile, silenceAfterMs: number | null, stepMs: number): SeriesProfile {
  return silenceAfterMs === null
    ? profile
    : { ...profile, silenceSlots: Math.max(1, Math.ceil(silenceAfterMs / stepMs)) };
}

import { quantile } from "../math/quantile.js";
import type { EpisodeKind } from "../records/record.js";
import { DAY_MS, HOUR_MS } from "../time/duration.js";
import type { Episode } from "./episodes.js";
import { type Shape, shapeOf } from "./shape.js";
import type { Trace } from "./trace.js";

/** Up to this long (and at least this many slots) a deviation is a spike. */
const SPIKE_MS = HOUR_MS;
const SPIKE_SLOTS = 4;
/** A burst, of more than twice the usual, is one for this long; a level that is held is lower or stays longer. */
const BURST_MS = 6 * HOUR_MS;
const BURST_TIMES = 2.2;
/** Below this share of the usual value the metric is as good as gone. */
const GONE_SHARE = 0.05;
/** Both signs above this share of the slots: the spread has changed, not the level. */
const BOTH_SIGNS_SHARE = 0.3;
/** The last third of the deviations is this many times the first: it is still moving away. */
const DRIFT_GROWTH = 1.8;
/** A step of more than this share of the height is what happened, however the deviations run after it. */
const STEP_SHARE = 0.5;
/** Fewer slots are no ramp: three values always look like one. */
const RAMP_SLOTS = 3;
/** Equal values in a row that are a stall and no chance. */
const STALL_SLOTS = 6;
/** A series that sticks does so at an ordinary value; one that was lifted and is flat there is no stall. */
const ORDINARY_NOISE = 4;

/** The shape of an episode: from what is missing or equal in it, and from how its values leave the usual. The same for all detectors. */
export function kindOf(trace: Trace, episode: Episode): EpisodeKind {
  const { values, stepMs } = trace.series;
  const own = values.subarray(episode.first, episode.last + 1);
  const present = own.filter((value) => value === value);
  if (present.length * 2 < own.length || present.length === 0 || isSilent(trace, episode)) return "silence";
  const shape = shapeOf(trace, episode);
  if (isGone(trace, shape)) return "drop";
  if (isStuck(trace, episode, shape)) return "stall";
  const deviations = shape.deviations.filter((deviation) => deviation === deviation);
  const spikeSlots = Math.max(SPIKE_SLOTS, Math.round(SPIKE_MS / stepMs));
  const isWayBack = shape.last < episode.first;
  if (!isWayBack && bothSigns(trace, episode) && deviations.length > spikeSlots) return "variance";
  if (isRamp(shape)) return "drift";
  if (deviations.length <= spikeSlots) return "spike";
  const isShort = deviations.length * stepMs <= BURST_MS;
  return isShort && timesTheUsual(trace, shape) >= BURST_TIMES ? "spike" : "level_shift";
}

/** More than half of the alarms are missing values. */
function isSilent(trace: Trace, episode: Episode): boolean {
  let silent = 0;
  for (let i = episode.first; i <= episode.last; i++)
    if (trace.score[i] >= 1 && Number.isNaN(trace.series.values[i])) silent++;
  return silent * 2 > episode.alarms;
}

/** Most values are next to nothing, where something is usual. */
function isGone(trace: Trace, { first, deviations, usual, noise }: Shape): boolean {
  const { values, stepMs } = trace.series;
  const knowsZero = values.subarray(Math.max(0, first - Math.round(DAY_MS / stepMs)), first).includes(0);
  let gone = 0;
  let present = 0;
  for (let k = 0; k < deviations.length; k++) {
    const value = values[first + k];
    if (value !== value) continue;
    present++;
    const isFar = deviations[k] !== deviations[k] || Math.abs(deviations[k]) > noise;
    if (value === 0 && !knowsZero) gone++;
    else if (isFar && usual[k] !== 0 && Math.abs(value) <= GONE_SHARE * Math.abs(usual[k])) gone++;
  }
  return gone * 2 > present;
}

/** Most of the episode, and what led to it, is one and the same value, which is an ordinary one. */
function isStuck(trace: Trace, episode: Episode, shape: Shape): boolean {
  const { values } = trace.series;
  const run = longestEqual(values, episode);
  const present = values.subarray(episode.first, episode.last + 1).filter((value) => value === value).length;
  const inside = Math.min(run.last, episode.last) - Math.max(run.first, episode.first) + 1;
  if (run.last - run.first + 1 < STALL_SLOTS || inside * 2 <= present) return false;
  const before = values.subarray(Math.max(0, run.first - SPIKE_SLOTS), run.first).filter((value) => value === value);
  // Stuck where it was a moment ago, or where it is usual to be.
  const jumped = before.length === 0 ? 0 : Math.abs(values[run.first] - before[before.length - 1]);
  const height = Math.max(...shape.deviations.filter(Number.isFinite).map(Math.abs), 0);
  return jumped <= Math.max(ORDINARY_NOISE * shape.noise, height === 0 ? 0 : STEP_SHARE * 0.5 * height);
}

/** The longest run of equal values that touches the episode, all of it: alarms may begin late and end early. Gaps do not end it. */
export function longestEqual(values: Float64Array, { first, last }: Episode): { first: number; last: number } {
  let begin = first;
  while (begin > 0 && (values[begin - 1] === values[first] || Number.isNaN(values[begin - 1]))) begin--;
  while (begin < first && Number.isNaN(values[begin])) begin++;
  let best = { first: begin, last: begin };
  let run = { ...best };
  for (let i = begin + 1; i <= last; i++) {
    if (Number.isNaN(values[i])) continue;
    run = values[i] === values[run.first] ? { first: run.first, last: i } : { first: i, last: i };
    if (run.last - run.first > best.last - best.first) best = run;
  }
  if (best.last < last) return best;
  for (let i = best.last + 1; i < values.length; i++) {
    if (values[i] === values[best.first]) best = { first: best.first, last: i };
    else if (!Number.isNaN(values[i])) break;
  }
  return best;
}

function bothSigns(trace: Trace, { first, last }: Episode): boolean {
  let up = 0;
  let all = 0;
  for (let i = first; i <= last; i++) {
    const deviation = trace.series.values[i] - trace.expected[i];
    if (deviation !== deviation) continue;
    all++;
    if (deviation > 0) up++;
  }
  return all > 0 && Math.min(up, all - up) >= BOTH_SIGNS_SHARE * all;
}

/** Moves away all the time, and no single step is most of it. */
function isRamp({ deviations }: Shape): boolean {
  const sizes = deviations.filter((deviation) => deviation === deviation).map(Math.abs);
  if (sizes.length < RAMP_SLOTS) return false;
  const third = Math.max(1, Math.floor(sizes.length / 3));
  const [begin, end] = [mean(sizes.subarray(0, third)), mean(sizes.subarray(-third))];
  if (end < DRIFT_GROWTH * begin) return false;
  const steps = sizes.map((size, k) => size - (k === 0 ? 0 : sizes[k - 1]));
  return Math.max(...steps) <= STEP_SHARE * end;
}

/** The middle value of what happened as a multiple of the usual; NaN where that is not above 0. */
function timesTheUsual(trace: Trace, { first, last, usual }: Shape): number {
  const level = quantile(usual, 0.5);
  return level > 0 ? quantile(trace.series.values.subarray(first, last + 1), 0.5) / level : Number.NaN;
}

const mean = (part: Float64Array) => part.reduce((sum, value) => sum + value, 0) / part.length;

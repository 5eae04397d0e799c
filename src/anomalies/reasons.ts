import type { Cause } from "../detectors/detector.js";
import { RUN_CAUSES } from "../detectors/rules.js";
import type { EpisodeKind } from "../records/record.js";
import { DAY_MS, formatDuration, HOUR_MS } from "../time/duration.js";
import { formatNumber } from "../wording/format-number.js";
import { latenessLevel } from "./alarms.js";
import type { Episode } from "./episodes.js";
import { longestEqual } from "./kind.js";
import type { Knobs } from "./knobs.js";
import type { Trace } from "./trace.js";

/** A ratio to an earlier value is worth a word from here on (or below its inverse). */
const TELLING_RATIO = 1.5;
/** A value this near to its limit is described by its distance: "1.01×" says nothing. */
const TELLING_SHARE = 0.05;
/** Fewer equal values in a row are chance, unless a rule of the detector says otherwise. */
const FLAT_SLOTS = 6;
const LAGS: readonly (readonly [number, string])[] = [
  [DAY_MS, "24 h"],
  [3 * DAY_MS, "72 h"],
];

/** The slots and the kind that reasons speak of. */
export interface Telling {
  readonly kind: EpisodeKind;
  /** The slot with the highest score. */
  readonly peak: number;
  /** The largest value: of a metric that is itself a lag, the worst lateness. */
  readonly latest: number;
}

/** Why an episode is anomalous, in words, most telling first; the first says what its kind says. Never empty. */
export function reasonsOf(trace: Trace, episode: Episode, telling: Telling, knobs: Knobs): string[] {
  const { kind, peak, latest } = telling;
  const reasons: string[] = [];
  const level = latenessLevel(latest, knobs);
  if (level > 0 && knobs.latenessUnitMs !== null) {
    const hours = formatNumber((latest * knobs.latenessUnitMs) / HOUR_MS);
    reasons.push(`${hours} h behind, past ${level === 2 ? 72 : 24} h (level ${level})`);
  }
  const runs = runWords(trace, episode);
  // A lag past its level may be nothing new to the model.
  const values = trace.score[peak] >= 1 ? valueWords(trace, valuePeak(trace, episode, peak)) : undefined;
  const own =
    kind === "silence" ? runs.silence : kind === "stall" ? runs.stall : kind === "drop" ? runs.zero : undefined;
  for (const words of [own, values, runs.zero, runs.stall, runs.silence]) {
    if (words !== undefined && !reasons.includes(words)) reasons.push(words);
  }
  // Of several runs the one that gave the alarm may be the shorter.
  if (reasons.length === 0) reasons.push(runAt(trace, peak));
  const observed = trace.series.values[peak];
  for (const [lagMs, name] of LAGS) {
    const before = trace.series.values[peak - Math.round(lagMs / trace.series.stepMs)];
    const ratio = observed / before;
    if (ratio > 0 && Number.isFinite(ratio) && (ratio >= TELLING_RATIO || ratio <= 1 / TELLING_RATIO)) {
      reasons.push(`${formatNumber(ratio)}× the value ${name} ago`);
    }
  }
  return reasons;
}

/** The longest runs of the episode that gave alarms or fill most of it, each in its whole length. */
function runWords(trace: Trace, episode: Episode): { silence?: string; stall?: string; zero?: string } {
  const { values, stepMs } = trace.series;
  const lasting = (run: Run) => formatDuration((run.last - run.first + 1) * stepMs);
  const isTelling = (run: Run, ...causes: readonly Cause[]) => {
    const last = Math.min(run.last, episode.last);
    const inside = last - Math.max(run.first, episode.first) + 1;
    for (let i = episode.first; i <= last; i++) {
      if (i >= run.first && trace.score[i] >= 1 && causes.includes(trace.cause[i])) return true;
    }
    return run.last - run.first >= FLAT_SLOTS - 1 && inside * 2 > episode.last - episode.first + 1;
  };
  const words: { silence?: string; stall?: string; zero?: string } = {};
  const gap = longestGap(values, episode);
  if (gap !== undefined && isTelling(gap, "silence")) words.silence = `no value for ${lasting(gap)}`;
  const equal = longestEqual(values, episode);
  if (equal !== undefined && isTelling(equal, "stall", "zero")) {
    const value = values[equal.first];
    if (value === 0) words.zero = `zero for ${lasting(equal)}`;
    else words.stall = `stuck at ${formatNumber(value)} for ${lasting(equal)}`;
  }
  return words;
}

/** The run that ends at a slot, which gave it its score. */
function runAt(trace: Trace, slot: number): string {
  const { values, stepMs } = trace.series;
  const cause = trace.cause[slot];
  const lasting = formatDuration(runEndingAt(trace, slot, cause) * stepMs);
  if (cause === "silence") return `no value for ${lasting}`;
  return cause === "zero" ? `zero for ${lasting}` : `stuck at ${formatNumber(values[slot])} for ${lasting}`;
}

/** The slot whose value shows most: the peak, unless a run made that; undefined where no value did. */
function valuePeak(trace: Trace, { first, last }: Episode, peak: number): number | undefined {
  const isOfValue = (i: number) => trace.score[i] >= 1 && !RUN_CAUSES.includes(trace.cause[i]);
  if (isOfValue(peak)) return peak;
  let best: number | undefined;
  for (let i = first; i <= last; i++) {
    if (isOfValue(i) && !(best !== undefined && trace.score[best] >= trace.score[i])) best = i;
  }
  return best;
}

/**
 * How far a value is out, as a multiple of the limit that it passed; where that says nothing (limits at or below 0, or far from 0
 * compared with their distance) as the distance from it. Inside of the limits it is the score that says how far.
 */
function valueWords(trace: Trace, at: number | undefined): string | undefined {
  if (at === undefined) return undefined;
  const { series, expected, lower, upper, cause, score } = trace;
  const value = series.values[at];
  const isUp = value >= expected[at];
  const limit = isUp ? upper[at] : lower[at];
  const isBeyond = isUp ? value > limit : value < limit;
  const news = cause[at] === "novelty" ? `the largest ${isUp ? "rise" : "fall"} that is remembered of this series` : "";
  if (isBeyond) {
    const ratio = value / limit;
    const isRatio = limit > 0 && value > 0 && Math.abs(ratio - 1) >= TELLING_SHARE;
    const name = `the ${isUp ? "upper" : "lower"} limit`;
    const words = isRatio
      ? `${formatNumber(ratio)}× ${name}`
      : `${formatNumber(Math.abs(value - limit))} ${isUp ? "above" : "below"} ${name}`;
    return news === "" ? words : `${news}, ${words}`;
  }
  if (news !== "") return news;
  const side = isUp ? "above" : "below";
  const what =
    cause[at] === "shift"
      ? `the last hour lies ${side} its usual`
      : cause[at] === "season"
        ? `${side} the usual of this hour`
        : cause[at] === "shape"
          ? "a course unlike any seen before"
          : undefined;
  // Where several measures agree, the score also weighs whether the series has done the like, and is no multiple of a limit.
  if (what === undefined) return `a little ${side} the expected by several measures`;
  return `${what}, ${formatNumber(score[at])}× what is tolerated`;
}

interface Run {
  readonly first: number;
  readonly last: number;
}

/** The longest run of missing values that touches the episode, all of it: alarms may begin late and end early. */
function longestGap(values: Float64Array, { first, last }: Episode): Run | undefined {
  let begin = first;
  if (Number.isNaN(values[first])) while (begin > 0 && Number.isNaN(values[begin - 1])) begin--;
  let best: Run | undefined;
  for (let i = begin; i <= last; i++) {
    if (!Number.isNaN(values[i])) continue;
    let end = i;
    while (end + 1 < values.length && Number.isNaN(values[end + 1])) end++;
    if (best === undefined || end - i > best.last - best.first) best = { first: i, last: end };
    i = end;
  }
  return best;
}

/** Slots in a row up to and with `last` that are missing (silence) or hold the same value as it (zero, stall). */
export function runEndingAt(trace: Trace, last: number, cause: Cause): number {
  const { values } = trace.series;
  let n = 0;
  for (let i = last; i >= 0; i--) {
    const missing = values[i] !== values[i];
    if (cause === "silence" ? !missing : !missing && values[i] !== values[last]) break;
    n++;
  }
  return n;
}

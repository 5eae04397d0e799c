import type { Cause } from "../detectors/detector.js";
import { DAY_MS, formatDuration, HOUR_MS } from "../time/duration.js";
import { latenessLevel } from "./alarms.js";
import type { Episode } from "./episodes.js";
import type { Knobs } from "./knobs.js";
import type { Trace } from "./trace.js";

/** A ratio to an earlier value is worth a word from here on (or below its inverse). */
const TELLING_RATIO = 1.5;
const LAGS: readonly (readonly [number, string])[] = [
  [DAY_MS, "24 h"],
  [3 * DAY_MS, "72 h"],
];

/** Two slots that tell of an episode. */
export interface Telling {
  /** The slot with the highest score. */
  readonly peak: number;
  /** The largest value: of a metric that is itself a lag, the worst lateness. */
  readonly latest: number;
}

/** Why an episode is anomalous, in words, most telling first. Never empty. */
export function reasonsOf(trace: Trace, episode: Episode, { peak, latest }: Telling, knobs: Knobs): string[] {
  const reasons: string[] = [];
  const observed = trace.series.values[peak];
  const level = latenessLevel(latest, knobs);
  if (level > 0 && knobs.latenessUnitMs !== null) {
    const hours = formatNumber((latest * knobs.latenessUnitMs) / HOUR_MS);
    reasons.push(`${hours} h behind, past ${level === 2 ? 72 : 24} h (level ${level})`);
  }
  // A lag past its level may be nothing new to the model.
  if (trace.score[peak] >= 1) reasons.push(inWords(trace, trace.cause[peak], peak));
  for (const cause of otherRuns(trace, episode, peak)) reasons.push(inWords(trace, cause, peak));
  for (const [lagMs, name] of LAGS) {
    const before = trace.series.values[peak - Math.round(lagMs / trace.series.stepMs)];
    const ratio = observed / before;
    if (ratio > 0 && Number.isFinite(ratio) && (ratio >= TELLING_RATIO || ratio <= 1 / TELLING_RATIO)) {
      reasons.push(`${formatNumber(ratio)}× the value ${name} ago`);
    }
  }
  return reasons;
}

/** Runs that gave alarms in the episode and still last at its peak, beside the peak's own cause. */
function otherRuns(trace: Trace, episode: Episode, peak: number): Cause[] {
  return RUNS.filter((cause) => {
    if (cause === trace.cause[peak]) return false;
    for (let i = episode.first; i <= peak; i++) {
      if (trace.score[i] >= 1 && trace.cause[i] === cause) return runEndingAt(trace, peak, cause) > peak - i;
    }
    return false;
  });
}

function inWords(trace: Trace, cause: Cause, peak: number): string {
  const { values, stepMs } = trace.series;
  const side = values[peak] >= trace.expected[peak] ? "above" : "below";
  if (cause === "band") return `${formatNumber(timesTheBand(trace, peak))}× ${side} the band`;
  if (cause === "novelty")
    return `a ${side === "above" ? "rise" : "fall"} never seen in this series, ${side} the expected`;
  if (cause === "season") return `${formatNumber(trace.score[peak])}× ${side} the usual of this hour`;
  if (cause === "shift") return `${formatNumber(trace.score[peak])}× ${side} the usual for the last hour`;
  const run = runEndingAt(trace, peak, cause);
  const lasting = formatDuration(run * stepMs);
  if (cause === "silence") return `no value for ${lasting}`;
  return cause === "zero" ? `zero for ${lasting}` : `stuck at ${formatNumber(values[peak])} for ${lasting}`;
}

/** How far the value is from the expected one, in distances from there to the band's edge. */
function timesTheBand({ series, expected, lower, upper, score }: Trace, at: number): number {
  const edge = series.values[at] >= expected[at] ? upper[at] : lower[at];
  const times = (series.values[at] - expected[at]) / (edge - expected[at]);
  // Some alarms are inside the band: several small deviations that agree.
  return times > 1 ? times : score[at];
}

/** Causes that are runs of slots rather than single ones. */
export const RUNS: readonly Cause[] = ["silence", "zero", "stall"];

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

/** Three significant digits, without an exponent where a person would not write one. */
export function formatNumber(value: number): string {
  const rounded = Number(value.toPrecision(3));
  return Math.abs(rounded) >= 1e6 || (rounded !== 0 && Math.abs(rounded) < 1e-4)
    ? rounded.toExponential()
    : String(rounded);
}

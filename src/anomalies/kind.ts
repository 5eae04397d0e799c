import { quantile } from "../math/quantile.js";
import { HOUR_MS, MINUTE_MS } from "../time/duration.js";
import type { Episode } from "./episodes.js";
import type { EpisodeKind } from "./record.js";
import type { Trace } from "./trace.js";

/** Up to this long (and at least this many slots) a deviation that returns is a spike. */
const SPIKE_MS = HOUR_MS;
const SPIKE_SLOTS = 4;
/** Below this share of the expected value the metric is as good as gone. */
const GONE_SHARE = 0.05;
/** Both signs above this share of the slots: the spread has changed, not the level. */
const BOTH_SIGNS_SHARE = 0.3;
/** The last third of the deviations is this many times the first: it is still moving away. */
const DRIFT_GROWTH = 1.8;

/** A step of at least this share of where the deviations end is what happened, however they run. */
const STEP_SHARE = 0.5;
/** A step is looked for between levels of this length, and from so long before the episode: detection may come late. */
const STEP_MS = 20 * MINUTE_MS;
const STEP_SLOTS = 3;
const STEP_LEAD_MS = 3 * HOUR_MS;

/** The shape of an episode, from what gave its alarms and from how its deviations run. */
export function kindOf(trace: Trace, episode: Episode): EpisodeKind {
  const causes = countCauses(trace, episode);
  const stillest = causes.silence > causes.stall ? "silence" : "stall";
  const deviations: number[] = [];
  let gone = 0;
  for (let i = episode.first; i <= episode.last; i++) {
    const observed = trace.series.values[i];
    const expected = trace.expected[i];
    if (observed !== observed || expected !== expected) continue;
    deviations.push(observed - expected);
    if (Math.abs(observed) <= GONE_SHARE * Math.abs(expected)) gone++;
  }
  if (causes.silence > episode.alarms / 2 || deviations.length === 0) return "silence";
  if (gone * 2 > deviations.length || causes.zero * 2 > episode.alarms) return "drop";
  if (causes.stall * 2 > episode.alarms || isFlat(trace, episode)) return stillest === "silence" ? "silence" : "stall";
  const spikeSlots = Math.max(SPIKE_SLOTS, Math.round(SPIKE_MS / trace.series.stepMs));
  if (deviations.length <= spikeSlots) return "spike";
  const up = deviations.filter((deviation) => deviation > 0).length / deviations.length;
  if (Math.min(up, 1 - up) >= BOTH_SIGNS_SHARE) return "variance";
  if (growth(deviations) < DRIFT_GROWTH) return "level_shift";
  return stepNear(trace, episode) >= STEP_SHARE * meanSize(lastThird(deviations)) ? "level_shift" : "drift";
}

/**
 * The largest step of the level from just before the episode to the end of its first third, in the metric's unit: between
 * the medians of the twenty minutes (three slots at least) on either side. What was expected follows a shift for a while,
 * and a shift that is found late looks as if it were growing; its step is still there.
 */
function stepNear({ series: { values, stepMs } }: Trace, { first, last }: Episode): number {
  const side = Math.max(STEP_SLOTS, Math.round(STEP_MS / stepMs));
  const until = first + Math.max(1, Math.floor((last - first + 1) / 3));
  let largest = 0;
  for (let i = Math.max(0, first - Math.round(STEP_LEAD_MS / stepMs)); i <= until; i++) {
    const before = quantile(values.subarray(Math.max(0, i - side), i), 0.5);
    const after = quantile(values.subarray(i, i + side), 0.5);
    // NaN, where one side holds nothing, is no step.
    if (Math.abs(after - before) > largest) largest = Math.abs(after - before);
  }
  return largest;
}

function countCauses(trace: Trace, episode: Episode): { silence: number; stall: number; zero: number } {
  const counts = { silence: 0, stall: 0, zero: 0 };
  for (let i = episode.first; i <= episode.last; i++) {
    const cause = trace.cause[i];
    if (trace.score[i] >= 1 && (cause === "silence" || cause === "stall" || cause === "zero")) counts[cause]++;
  }
  return counts;
}

/** All values of an episode of six and more are equal: a stall that another rule saw first. */
function isFlat(trace: Trace, episode: Episode): boolean {
  const values = trace.series.values.subarray(episode.first, episode.last + 1).filter((v) => v === v);
  return values.length >= 6 && values.every((v) => v === values[0]);
}

/** Mean size of the last third of the deviations over that of the first third. */
function growth(deviations: readonly number[]): number {
  return meanSize(lastThird(deviations)) / meanSize(deviations.slice(0, thirdOf(deviations)));
}

const thirdOf = (deviations: readonly number[]) => Math.max(1, Math.floor(deviations.length / 3));
const lastThird = (deviations: readonly number[]) => deviations.slice(-thirdOf(deviations));
const meanSize = (part: readonly number[]) => part.reduce((sum, d) => sum + Math.abs(d), 0) / part.length;

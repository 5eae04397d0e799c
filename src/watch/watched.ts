import { isAlarm } from "../anomalies/alarms.js";
import { findEpisodes } from "../anomalies/episodes.js";
import type { Knobs } from "../anomalies/knobs.js";
import type { Trace } from "../anomalies/trace.js";
import type { ScorerState } from "../detectors/detector.js";

/**
 * What is remembered of a series between runs: its scorer as it stood at a checkpoint, and what records and states need of the
 * slots before it.
 */
export interface Watched {
  /** First slot that the scorer has seen. */
  readonly startMs: number;
  /** The scorer has seen the slots before this. A little in the past, because newest values may still change. */
  readonly checkpointMs: number;
  readonly scorer: ScorerState;
  /** The values before the checkpoint, newest last: if one of them has changed since, the state is of no use. */
  readonly tail: Float64Array;
  /** Time and value of the newest slot before the checkpoint that holds a value; null if none does. */
  readonly last: { readonly timeMs: number; readonly value: number } | null;
  /** Slots without a value that end at the checkpoint. */
  readonly gapSlots: number;
  /** Begin of the window that was reported. Alarms that had left it then are forgotten. */
  readonly fromMs: number;
  /** All values since `startMs`, and what was said of them, where the window holds an alarm; null where it holds none. */
  readonly trace: (Omit<Trace, "series"> & { readonly values: Float64Array }) | null;
}

/** A window of values in which changes are noticed: an hour, and enough slots to be more than the newest few. */
const TAIL_MS = 3_600_000;
const TAIL_LEAST_SLOTS = 6;

export function tailSlots(stepMs: number): number {
  return Math.max(TAIL_LEAST_SLOTS, Math.round(TAIL_MS / stepMs));
}

/** Newest slots that are scored again in the next run: servers fill their newest slots a little later. */
const SETTLE_SLOTS = 3;

/** The checkpoint of a run that looks at the slots before `untilMs`. */
export function checkpointMs(untilMs: number, stepMs: number): number {
  return (Math.floor(untilMs / stepMs) - SETTLE_SLOTS) * stepMs;
}

/** What to remember of a series at slot `at` of its trace, which begins with the first slot that the scorer has seen. */
export function watchedAt(
  trace: Trace,
  at: number,
  scorer: ScorerState,
  { knobs, fromMs }: { readonly knobs: Knobs; readonly fromMs: number },
): Watched {
  const { startMs, stepMs, values } = trace.series;
  const timeOf = (slot: number) => startMs + slot * stepMs;
  let last = at - 1;
  while (last >= 0 && values[last] !== values[last]) last--;
  // Newer than the checkpoint too: the next run will find it again and must be able to explain it.
  let alarm = values.length - 1;
  while (alarm >= 0 && !isAlarm(trace, alarm, knobs)) alarm--;
  return {
    startMs,
    checkpointMs: timeOf(at),
    scorer,
    tail: values.slice(Math.max(0, at - tailSlots(stepMs)), at),
    last: last < 0 ? null : { timeMs: timeOf(last), value: values[last] },
    gapSlots: at - 1 - last,
    fromMs,
    trace: alarm >= 0 && timeOf(alarm) >= fromMs ? keptTrace(trace, at, knobs, fromMs) : null,
  };
}

/** The slots before `at`: all values, because reasons look far back, and the scores from the oldest episode of the window on. */
function keptTrace(trace: Trace, at: number, knobs: Knobs, fromMs: number): Watched["trace"] {
  const { startMs, stepMs, values } = trace.series;
  const mergeSlots = Math.floor(knobs.mergeGapMs / stepMs);
  const firstReported = Math.max(0, Math.floor((fromMs - startMs) / stepMs));
  const episodes = findEpisodes((i) => isAlarm(trace, i, knobs), 0, trace.score.length, mergeSlots, 1);
  const first = episodes.find((episode) => episode.last >= firstReported)?.first ?? at;
  const kept = (of: Float64Array) => of.slice(first, at);
  return {
    values: values.slice(0, at),
    expected: kept(trace.expected),
    lower: kept(trace.lower),
    upper: kept(trace.upper),
    score: kept(trace.score),
    cause: trace.cause.slice(first, at),
    explained: new Map([...trace.explained].filter(([slot]) => slot >= first && slot < at)),
  };
}

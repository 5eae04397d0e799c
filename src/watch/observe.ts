import { isAlarm } from "../anomalies/alarms.js";
import { type Judged, judge } from "../anomalies/detect.js";
import type { DetectRequest } from "../anomalies/detect-request.js";
import { memberPointsFrom, pointsFrom } from "../anomalies/points.js";
import { emptyTrace, extendTo, type Paused, type Trace, traceSlots, traceSlotsPaused } from "../anomalies/trace.js";
import type { ScorerState, SeriesKnowledge, SeriesScorer } from "../detectors/detector.js";
import type { KnownEpisode } from "../records/identity.js";
import type { Series } from "../series/series.js";
import { slice } from "../series/slice.js";
import { type Watched, watchedAt } from "./watched.js";

export interface Observed extends Judged {
  /** What to remember; undefined if no checkpoint was requested. */
  readonly watched: Watched | undefined;
}

/** A known series and what judging it needs. `profile` is as `profileFor` gives it. */
export interface Subject {
  readonly series: Series;
  readonly profile: SeriesKnowledge;
  readonly known: readonly KnownEpisode[];
}

/** Scores a series from the beginning of its history, with pauses, and remembers how things stood at the checkpoint. */
export function* observeWhole(request: DetectRequest, subject: Subject, checkpointMs: number): Paused<Observed> {
  const { series, profile, known } = subject;
  const trace = emptyTrace(extendTo(series, request.untilMs));
  const slots = trace.series.values.length;
  const at = Math.max(0, Math.min(slots, Math.round((checkpointMs - series.startMs) / series.stepMs)));
  const scorer = request.detector.open(profile);
  yield* traceSlotsPaused(trace, scorer, 0, at);
  const state = scorer.save();
  yield* traceSlotsPaused(trace, scorer, at, slots);
  const points = request.withPoints ? pointsFrom(trace, request.fromMs) : undefined;
  const member = request.memberFromMs === undefined ? undefined : memberPointsFrom(trace, request.memberFromMs);
  return { ...judge(request, trace, profile, known), points, member, watched: watchedAt(trace, at, state, request) };
}

/**
 * Scores only what is new since the checkpoint, and says of the series what `observeWhole` would.
 *
 * @param subject its series begins `watched.tail.length` slots before the checkpoint, or earlier.
 * @param spare a scorer of the same detector, and a state that it has saved, neither of which is used any more.
 * @param nextMs the checkpoint to remember the state at; undefined: the old one stays in use.
 * @returns undefined where the history must be looked at again: a value has changed since, or an alarm is new and has to be
 * compared with values that are not remembered.
 */
export function observeNew(
  request: DetectRequest,
  subject: Subject,
  watched: Watched,
  nextMs: number | undefined,
  spare: { readonly scorer?: SeriesScorer; readonly state?: ScorerState } = {},
): (Observed & { readonly scorer: SeriesScorer }) | undefined {
  const { detector, knobs, fromMs, untilMs } = request;
  const { stepMs } = detector;
  const { tail, checkpointMs } = watched;
  const slots = Math.floor((untilMs - checkpointMs) / stepMs);
  const recent = slice(subject.series, {
    startMs: checkpointMs - tail.length * stepMs,
    endMs: checkpointMs + slots * stepMs,
  });
  if (!tail.every((value, i) => value === recent.values[i] || (value !== value && Number.isNaN(recent.values[i])))) {
    return undefined;
  }
  const news = emptyTrace({ ...recent, startMs: checkpointMs, values: recent.values.subarray(tail.length) });
  const at = nextMs === undefined ? slots : Math.round((nextMs - checkpointMs) / stepMs);
  const scorer = spare.scorer?.turnTo === undefined ? detector.open(subject.profile) : spare.scorer;
  scorer.turnTo?.(subject.profile);
  if (!isRestored(scorer, watched.scorer)) return undefined;
  traceSlots(news, scorer, 0, at);
  const state = nextMs === undefined ? undefined : scorer.save(spare.state);
  traceSlots(news, scorer, at, slots);

  const points = request.withPoints ? pointsFrom(news, checkpointMs) : undefined;
  const member = request.memberFromMs === undefined ? undefined : memberPointsFrom(news, checkpointMs);
  const isNew = news.score.some((_, i) => isAlarm(news, i, knobs));
  if (isNew && watched.trace === null) return undefined;
  if (watched.trace === null) {
    const judged = judge(request, news, subject.profile, subject.known, watched);
    return {
      ...judged,
      points,
      member,
      scorer,
      watched: state === undefined ? undefined : goneOn(watched, recent, news, at, state, fromMs),
    };
  }
  const whole = joined(watched, watched.trace, news);
  const judged = judge(request, whole, subject.profile, subject.known);
  const slot = whole.score.length - slots + at;
  return {
    ...judged,
    points,
    member,
    scorer,
    watched: state === undefined ? undefined : watchedAt(whole, slot, state, request),
  };
}

/** Whether what it is restored from is a state of it: it may be one of other options, or of another release. */
export function isRestored<State>(restoring: { readonly restore: (state: State) => void }, state: State): boolean {
  try {
    restoring.restore(state);
    return true;
  } catch (thrown) {
    if (thrown instanceof RangeError) return false;
    throw thrown;
  }
}

/** What to remember of a series that has no alarm, without the values from before. */
function goneOn(
  { tail, startMs, last, gapSlots }: Watched,
  recent: Series,
  news: Trace,
  at: number,
  scorer: ScorerState,
  fromMs: number,
): Watched {
  const { startMs: checkpointMs, stepMs, values } = news.series;
  let newest = at - 1;
  while (newest >= 0 && values[newest] !== values[newest]) newest--;
  return {
    startMs,
    checkpointMs: checkpointMs + at * stepMs,
    scorer,
    tail: recent.values.slice(at, tail.length + at),
    last: newest < 0 ? last : { timeMs: checkpointMs + newest * stepMs, value: values[newest] },
    gapSlots: newest < 0 ? gapSlots + at : at - 1 - newest,
    fromMs,
    trace: null,
  };
}

/** The remembered trace with the new one behind it; slots of which only the value is remembered say nothing. */
function joined(watched: Watched, kept: NonNullable<Watched["trace"]>, news: Trace): Trace {
  const before = kept.values.length;
  const first = before - kept.score.length;
  const values = new Float64Array(before + news.score.length);
  values.set(kept.values);
  values.set(news.series.values, before);
  const whole = emptyTrace({ ...news.series, startMs: watched.startMs, values });
  for (const name of ["expected", "lower", "upper", "score"] as const) {
    whole[name].set(kept[name], first);
    whole[name].set(news[name], before);
  }
  for (const [slot, explanation] of kept.explained) whole.explained.set(slot, explanation);
  kept.cause.forEach((cause, i) => {
    whole.cause[first + i] = cause;
  });
  news.cause.forEach((cause, i) => {
    whole.cause[before + i] = cause;
  });
  for (const [slot, explanation] of news.explained) whole.explained.set(before + slot, explanation);
  return whole;
}

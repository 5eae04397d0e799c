import type { SeriesKnowledge } from "../detectors/detector.js";
import { knowledgeWithout } from "../detectors/leaving-out.js";
import type { KnownEpisode } from "../records/identity.js";
import type { AnomalyRecord } from "../records/record.js";
import type { SeriesStatus } from "../records/status.js";
import { coverage, endMs, type Series, seriesKey, type TimeRange } from "../series/series.js";
import { formatDuration, MINUTE_MS } from "../time/duration.js";
import { formatUtc } from "../time/format.js";
import type { DetectRequest, Problem } from "./detect-request.js";
import { type Evidence, evidenceOf } from "./evidence.js";
import type { MemberPoints, ScoredPoints } from "./points.js";
import { recordsOf } from "./records-of.js";
import { emptyTrace, explainAt, extendTo, type Paused, runPaused, type Trace, traceSlotsPaused } from "./trace.js";

export interface Detected {
  /** By series, then by time. */
  readonly records: readonly AnomalyRecord[];
  readonly statuses: readonly SeriesStatus[];
}

/** … and this share of it must hold values. */
const OWN_SCALE_COVERAGE = 0.2;

/**
 * Scores a family of series and says of each what state it is in. Pure: nothing is read, the clock is `detectedAtMs`.
 *
 * A series without a value in the reported window is `stale` or `no_data`, one too short is `warming`, never `ok`.
 */
export function detect(request: DetectRequest): Detected {
  return runPaused(detectPaused(request));
}

/** As `detect`, with pauses. */
export function* detectPaused(request: DetectRequest): Paused<Detected> {
  const known = bySeries(request.known);
  const records: AnomalyRecord[] = [];
  const statuses: SeriesStatus[] = [];
  for (const series of request.series) {
    const key = seriesKey(series.labels);
    const result = yield* detectOne(request, series, known.get(key) ?? []);
    records.push(...result.records);
    statuses.push(result.status);
    yield;
  }
  for (const problem of request.problems) statuses.push(problemStatus(problem));
  return { records, statuses };
}

export function bySeries(episodes: readonly KnownEpisode[]): Map<string, KnownEpisode[]> {
  const groups = new Map<string, KnownEpisode[]>();
  for (const episode of episodes) {
    const key = seriesKey(episode.labels);
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [episode]);
    else group.push(episode);
  }
  return groups;
}

/** What is said of one series. */
export interface Judged {
  readonly records: readonly AnomalyRecord[];
  readonly status: SeriesStatus;
  /** The newly scored slots, where they were requested. */
  readonly points?: ScoredPoints;
  /** For its group, where that was requested. */
  readonly member?: MemberPoints;
  /** Of the records whose score made them, where it was requested. */
  readonly evidence?: readonly Evidence[];
}

function* detectOne(request: DetectRequest, series: Series, known: readonly KnownEpisode[]): Paused<Judged> {
  const used = knowledgeOf(request, series);
  if ("status" in used) return used;
  const trace = emptyTrace(extendTo(series, request.untilMs));
  yield* traceSlotsPaused(trace, request.detector.open(used), 0, trace.series.values.length);
  return judge(request, trace, used, known);
}

/** What the detector knows of a series, or why it cannot be scored. */
export function knowledgeOf(request: DetectRequest, series: Series): SeriesKnowledge | Judged {
  const { detector, knobs, untilMs } = request;
  const none = (state: SeriesStatus["state"], reason: string, readyAt?: string): Judged => ({
    records: [],
    status: withReady(statusOf(series, untilMs, state, null, reason), readyAt),
  });
  if (series.stepMs !== detector.stepMs) {
    const steps = `its step is ${formatDuration(series.stepMs)}, the model's is ${formatDuration(detector.stepMs)}`;
    return none("failed", `${steps}; fetch it at the model's step or train with --step`);
  }
  const key = seriesKey(series.labels);
  const { inventory } = request;
  if (knobs.unknown === "skip" && inventory.series.length > 0 && inventory.indexOf(key) === undefined) {
    return none("unknown_series", "the model was not trained on it");
  }
  const leftOut = request.leftOutOf?.(series) ?? [];
  const neededMs = detector.learnedOf(key) === undefined ? detector.describesAfterMs : 0;
  if (neededMs > 0 && !isLongEnough(series, neededMs, untilMs)) {
    const ready = readyAt(series, neededMs, untilMs);
    const needed = formatDuration(neededMs);
    return none(
      "warming",
      `the model does not know it, and it has less than ${needed} of history to be scaled by; ${readyWords(ready)}`,
      ready,
    );
  }
  return knowledgeWithout(leftOut, detector, series);
}

/** What is known of the slots before a trace that does not begin with the history. */
export interface Before {
  /** Newest slot that holds a value. */
  readonly last: { readonly timeMs: number; readonly value: number } | null;
  /** Slots without a value right before the trace. */
  readonly gapSlots: number;
}

/** Records and state of a series that was scored. @param before the slots before the trace, which hold no alarm. */
export function judge(
  request: DetectRequest,
  trace: Trace,
  profile: SeriesKnowledge,
  known: readonly KnownEpisode[],
  before?: Before,
): Judged {
  const { untilMs } = request;
  const { series } = trace;
  const explain = (slot: number) => explainAt(request.detector, profile, series, slot);
  const records = recordsOf(trace, { ...request, explainAt: explain, leftOut: leftOutIn(request, profile) }, known);
  const scored = request.withEvidence ? records.filter(({ explanation }) => explanation) : [];
  const evidence = scored.map((record) => evidenceOf(trace, profile, record));
  const newest = trace.score[trace.score.length - 1];
  if (records.some((record) => record.status === "open")) {
    const [reason] = records[records.length - 1].reasons;
    return { records, evidence, status: statusOf(series, untilMs, "anomalous", newest, reason, before) };
  }
  const here = trailingGap(series.values);
  const missing = here + (here === series.values.length ? (before?.gapSlots ?? 0) : 0);
  const state = missing >= profile.silenceSlots ? "stale" : newest !== newest ? "warming" : missing > 0 ? "gap" : "ok";
  const lasting = formatDuration(Math.max(1, missing) * series.stepMs);
  const reason =
    state === "ok" ? null : state === "warming" ? warmingWords(request, series) : `no value for the last ${lasting}`;
  const status = statusOf(series, untilMs, state, newest, reason, before);
  const ready = state === "warming" ? readyAt(series, request.detector.warmUpMs, untilMs) : undefined;
  return { records, evidence, status: withReady(status, ready) };
}

/** The spans that the scores depend on. */
function leftOutIn({ detector, fromMs }: DetectRequest, { leftOut = [] }: SeriesKnowledge): readonly TimeRange[] {
  return leftOut.filter(({ endMs }) => endMs > fromMs - detector.historyMs);
}

/** A series without any value is not warming up. */
function withReady(status: SeriesStatus, readyAt: string | undefined): SeriesStatus {
  return readyAt === undefined || status.state !== "warming" ? status : { ...status, ready_at: readyAt };
}

function warmingWords({ detector, untilMs }: DetectRequest, series: Series): string {
  return `less than ${formatDuration(detector.warmUpMs)} of history; ${readyWords(readyAt(series, detector.warmUpMs, untilMs))}`;
}

/** From when on a series is scored, if its values keep coming; undefined where too many of them are missing to say. */
function readyAt({ startMs, stepMs, values }: Series, neededMs: number, untilMs: number): string | undefined {
  const first = values.findIndex((value) => value === value);
  const readyMs = startMs + first * stepMs + neededMs;
  // To the minute, and not before it is.
  return first < 0 || readyMs <= untilMs ? undefined : formatUtc(Math.ceil(readyMs / MINUTE_MS) * MINUTE_MS);
}

/** `ready at 2025-07-02T14:20Z` */
function readyWords(readyAt: string | undefined): string {
  return readyAt === undefined
    ? "too many of its values are missing so far"
    : `ready at ${readyAt.replace(/:00Z$/, "Z")}`;
}

function isLongEnough(series: Series, neededMs: number, untilMs: number): boolean {
  return Math.min(endMs(series), untilMs) - series.startMs >= neededMs && coverage(series.values) >= OWN_SCALE_COVERAGE;
}

function trailingGap(values: Float64Array): number {
  let n = 0;
  while (n < values.length && values[values.length - 1 - n] !== values[values.length - 1 - n]) n++;
  return n;
}

function statusOf(
  series: Series,
  untilMs: number,
  state: SeriesStatus["state"],
  score: number | null,
  reason: string | null,
  before?: Before,
): SeriesStatus {
  const end = Math.min(series.values.length, Math.floor((untilMs - series.startMs) / series.stepMs));
  let at = end - 1;
  while (at >= 0 && series.values[at] !== series.values[at]) at--;
  const last =
    at < 0 ? (before?.last ?? null) : { timeMs: series.startMs + at * series.stepMs, value: series.values[at] };
  return {
    machine: series.labels.machine ?? "",
    aggregator: series.labels.aggregator ?? "",
    series: series.name,
    labels: series.labels,
    state: last === null && state !== "failed" && state !== "unknown_series" ? "no_data" : state,
    score: score === null || score !== score ? null : Number(score.toPrecision(6)),
    last_at: last === null ? null : formatUtc(last.timeMs),
    last_value: last === null ? null : last.value,
    reason: last === null && reason === null ? "no value in the fetched history" : reason,
  };
}

export function problemStatus(problem: Problem): SeriesStatus {
  return {
    machine: problem.labels.machine ?? "",
    aggregator: problem.labels.aggregator ?? "",
    series: problem.expression,
    labels: problem.labels,
    state: problem.kind,
    score: null,
    last_at: null,
    last_value: null,
    reason: problem.reason,
  };
}

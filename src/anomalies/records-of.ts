import type { Explanation } from "../detectors/explanation.js";
import { RUN_CAUSES } from "../detectors/rules.js";
import { continues, episodeId, type KnownEpisode } from "../records/identity.js";
import { leftOutBefore } from "../records/left-out.js";
import { type AnomalyRecord, type Direction, RECORD_SCHEMA, type RecordExplanation } from "../records/record.js";
import type { TimeRange } from "../series/series.js";
import { formatUtc } from "../time/format.js";
import { isAlarm, latenessLevel } from "./alarms.js";
import type { DetectRequest } from "./detect-request.js";
import { type Episode, findEpisodes } from "./episodes.js";
import { kindOf } from "./kind.js";
import { reasonsOf, runEndingAt } from "./reasons.js";
import { severityOf } from "./severity.js";
import type { Trace } from "./trace.js";

/** Significant digits of values and scores in a record: enough for any reader, and the same text on every machine. */
const DIGITS = 6;

/** What records need of a request. */
export type RecordRequest = Pick<
  DetectRequest,
  "knobs" | "fromMs" | "untilMs" | "origin" | "detectedAtMs" | "targetOf" | "unit"
> & {
  /** Explains a slot that the trace has no explanation of, because an earlier run scored it. */
  readonly explainAt?: (slot: number) => Explanation;
  /** Spans from which nothing was learned. Default: none. */
  readonly leftOut?: readonly TimeRange[];
};

/** The episodes of a trace that touch the reported window, as records. */
export function recordsOf(trace: Trace, request: RecordRequest, known: readonly KnownEpisode[]): AnomalyRecord[] {
  const { knobs, fromMs, untilMs } = request;
  const { startMs, stepMs } = trace.series;
  const slots = trace.score.length;
  const mergeSlots = Math.floor(knobs.mergeGapMs / stepMs);
  const leastSlots = Math.ceil(knobs.minDurationMs / stepMs);
  const firstReported = Math.max(0, Math.floor((fromMs - startMs) / stepMs));
  return findEpisodes((i) => isAlarm(trace, i, knobs), 0, slots, mergeSlots, leastSlots)
    .filter((episode) => episode.last >= firstReported && startMs + episode.first * stepMs < untilMs)
    .map((episode) => recordOf(trace, episode, request, known, slots - 1 - episode.last <= mergeSlots));
}

function recordOf(
  trace: Trace,
  episode: Episode,
  request: RecordRequest,
  known: readonly KnownEpisode[],
  open: boolean,
): AnomalyRecord {
  const { series } = trace;
  const { origin } = request;
  const timeOf = (slot: number) => series.startMs + slot * series.stepMs;
  const peak = peakOf(trace, episode, request);
  const endMs = timeOf(episode.last + 1);
  const foundMs = timeOf(beginningOf(trace, episode));
  const level = latenessLevel(latest(trace, episode), request.knobs);
  const kind = level > 0 ? "lateness" : kindOf(trace, episode);
  const found = { startMs: foundMs, endMs, isSilence: kind === "silence" };
  const earlier = continues(known, found, request.knobs.mergeGapMs);
  const begunMs = earlier === undefined ? foundMs : Math.min(foundMs, Date.parse(earlier.start));
  // Its first alarm may have left the fetched history by now, as its beginning may.
  const alertedMs = Math.min(timeOf(episode.first + 1), earliest(earlier?.alerted_at));
  const start = formatUtc(begunMs);
  const observed = series.values[peak];
  const score = Math.max(trace.score[peak] >= 1 ? trace.score[peak] : 0, level);
  const explanation = trace.score[peak] >= 1 ? (trace.explained.get(peak) ?? request.explainAt?.(peak)) : undefined;
  const leftOut = leftOutBefore(endMs, request.leftOut);
  const [reason, ...more] = reasonsOf(trace, episode, { kind, peak, latest: latest(trace, episode) }, request.knobs);
  return {
    schema: RECORD_SCHEMA,
    machine: series.labels.machine ?? "",
    aggregator: series.labels.aggregator ?? "",
    timestamp: formatUtc(timeOf(peak)),
    severity: severityOf(score, level),
    id: earlier?.id ?? episodeId(series.labels, request.origin, start),
    kind,
    series: series.name,
    target: request.targetOf(series),
    labels: series.labels,
    start,
    alerted_at: formatUtc(alertedMs),
    end: formatUtc(endMs),
    status: open ? "open" : "closed",
    duration_s: (endMs - begunMs) / 1000,
    points: episode.alarms,
    step_s: series.stepMs / 1000,
    score: rounded(score) ?? 0,
    observed: rounded(observed),
    expected: rounded(trace.expected[peak]),
    lower: rounded(trace.lower[peak]),
    upper: rounded(trace.upper[peak]),
    direction: directionOf(observed - trace.expected[peak]),
    reasons: [reason, ...(explanation?.notes ?? []), ...more],
    explanation: explanation === undefined ? null : recorded(explanation),
    unit: series.unit ?? request.unit,
    model: origin.model,
    model_version: origin.model_version,
    detector: origin.detector,
    threshold: origin.threshold,
    threshold_divisor: origin.threshold_divisor,
    job: origin.job,
    ...(origin.datasource_uid !== undefined && { datasource_uid: origin.datasource_uid }),
    ...(leftOut.length > 0 && { left_out: leftOut }),
    // Whole seconds, as all other times of a record.
    detected_at: formatUtc(Math.floor(request.detectedAtMs / 1000) * 1000),
  };
}

function recorded({ parts, passes, class: found }: Explanation): RecordExplanation {
  return {
    ...(found !== undefined && { class: found }),
    parts: parts.map((part) => ({ ...part, value: rounded(part.value), limit: rounded(part.limit) })),
    passes: passes === null ? null : { low: rounded(passes.low), high: rounded(passes.high) },
  };
}

const earliest = (time: string | undefined) => (time === undefined ? Number.POSITIVE_INFINITY : Date.parse(time));

/** The largest value of an episode; of a metric that is a lag, its worst lateness. NaN without values. */
function latest(trace: Trace, episode: Episode): number {
  return trace.series.values
    .subarray(episode.first, episode.last + 1)
    .reduce((worst, value) => (value > worst || worst !== worst ? value : worst), Number.NaN);
}

/** A run is an alarm only once it is long, but it began with its first slot. */
function beginningOf(trace: Trace, episode: Episode): number {
  const cause = trace.cause[episode.first];
  if (!RUN_CAUSES.includes(cause)) return episode.first;
  return episode.first - runEndingAt(trace, episode.first, cause) + 1;
}

/** The alarm with the highest score; the first of equals. */
function peakOf(trace: Trace, episode: Episode, request: RecordRequest): number {
  let peak = episode.first;
  let best = Number.NEGATIVE_INFINITY;
  for (let i = episode.first; i <= episode.last; i++) {
    if (!isAlarm(trace, i, request.knobs)) continue;
    const score = Math.max(trace.score[i] || 0, latenessLevel(trace.series.values[i], request.knobs));
    if (score > best) {
      best = score;
      peak = i;
    }
  }
  return peak;
}

function directionOf(deviation: number): Direction {
  return deviation > 0 ? "up" : deviation < 0 ? "down" : "none";
}

function rounded(value: number): number | null {
  return Number.isFinite(value) ? Number(value.toPrecision(DIGITS)) : null;
}

import { createHash } from "node:crypto";
import type { Matched } from "../records/matcher.js";
import type { AnomalyRecord, Severity } from "../records/record.js";
import type { SeriesStatus } from "../records/status.js";
import { seriesKey } from "../series/series.js";

export type ProblemKind = "episode" | "stale" | "failed" | "run_failed";

/** Something that people may hear of: an episode, a series that is not looked at, or a run that came to nothing. */
export interface Problem {
  /** Of an episode its own. */
  readonly id: string;
  readonly kind: ProblemKind;
  /** The same for what is the same series of the same job, whenever it was. */
  readonly series: string;
  readonly job: string | null;
  readonly machine: string;
  readonly aggregator: string;
  readonly severity: Severity;
  readonly isOpen: boolean;
  /** Epoch ms. */
  readonly startMs: number;
  readonly endMs: number;
  readonly stepMs: number;
  readonly score: number;
  /** What routes and silences see. */
  readonly matched: Matched;
  /** Lies in a maintenance: nothing is said of it. */
  readonly isSuppressed: boolean;
  /** Of an episode. */
  readonly record: AnomalyRecord | null;
  /** Of the others, in words. */
  readonly reason: string | null;
}

export function problemOf(record: AnomalyRecord): Problem {
  const { id, job = null, machine, aggregator, severity, status, start, end, step_s, score, suppressed_by } = record;
  return {
    id,
    kind: "episode",
    series: hash(`${job ?? ""}\n${seriesKey(record.labels)}`),
    job,
    machine,
    aggregator,
    severity,
    isOpen: status === "open",
    startMs: Date.parse(start),
    endMs: Date.parse(end),
    stepMs: step_s * 1000,
    score,
    matched: record,
    isSuppressed: suppressed_by !== undefined,
    record,
    reason: null,
  };
}

/** The states in which a series is not looked at although it should be. A series without data is an episode of its own. */
const ALERTABLE = ["stale", "failed"] as const;
/** Nobody sees what is wrong with a series that is not scored, but nothing is known to be wrong either. */
const STATUS_SEVERITY: Severity = "medium";
const RUN_SEVERITY: Severity = "high";

/** The series of a run that are stale or failed. They have no end of their own: what a later run does not find is over. */
export function problemsOfStatuses(
  statuses: Iterable<Pick<SeriesStatus, "machine" | "aggregator" | "series" | "labels" | "state" | "reason">>,
  job: string | null,
  nowMs: number,
): readonly Problem[] {
  const found: Problem[] = [];
  for (const { machine, aggregator, series: name, labels, state, reason } of statuses) {
    const kind = ALERTABLE.find((one) => one === state);
    if (kind === undefined) continue;
    const series = hash(`${job ?? ""}\n${seriesKey(labels)}\n${name}`);
    found.push({
      ...notEpisode(`${kind}-${series}`, kind, job, nowMs),
      series,
      machine,
      aggregator,
      severity: STATUS_SEVERITY,
      matched: { labels, machine, aggregator, series: name, job, kind, severity: STATUS_SEVERITY, status: kind },
      reason,
    });
  }
  return found;
}

/** A run that failed. */
export function problemOfRun(job: string | null, failure: string, nowMs: number): Problem {
  const series = hash(`run\n${job ?? ""}`);
  return {
    ...notEpisode(`run-${series}`, "run_failed", job, nowMs),
    series,
    machine: "",
    aggregator: "",
    severity: RUN_SEVERITY,
    matched: { labels: {}, job, kind: "run_failed", severity: RUN_SEVERITY, status: "run_failed" },
    reason: failure,
  };
}

function notEpisode(id: string, kind: ProblemKind, job: string | null, nowMs: number) {
  return {
    id,
    kind,
    job,
    isOpen: true,
    startMs: nowMs,
    endMs: nowMs,
    stepMs: 0,
    score: Number.NaN,
    isSuppressed: false,
    record: null,
  };
}

const hash = (text: string) => createHash("sha256").update(text).digest("hex").slice(0, 16);

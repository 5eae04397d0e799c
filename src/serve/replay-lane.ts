import { AnomalyError, messageOf } from "../errors/errors.js";
import { speaksPromql } from "../runs/source/open-server.js";
import type { SourceSpec } from "../runs/source/source-spec.js";
import type { TimeRange } from "../series/series.js";
import { isOfTemplate } from "../sources/template.js";
import type { Lane } from "../threads/lane.js";
import { openAnswerLane } from "./answer-lane.js";
import type { Question } from "./answer-worker.js";
import type { Findings } from "./findings.js";
import type { TargetReplays } from "./graphite/evaluate.js";
import { Refusal } from "./http/guard.js";
import type { Replays } from "./promql/evaluate.js";
import type { ReplayAnswer, Replayed } from "./replay/replay-order.js";
import type { House } from "./room.js";
import type { ServedJob } from "./run/order.js";

/** Questions that may wait for the thread; more are refused. */
const MOST_WAITING = 16;
/** Series that one expression may bring. */
const MOST_SERIES = 200;
/** What one answer may look back on; its history comes on top. */
const LONGEST_RANGE_MS = 93 * 86_400_000;

/** Replays in a thread of their own. */
export interface ReplayLane extends Replays, TargetReplays {
  readonly setJobs: (jobs: readonly ServedJob[]) => void;
  readonly waiting: () => number;
  readonly close: () => Promise<void>;
}

export function replayLane(
  findings: Findings,
  { knownEvents, nowMs }: Pick<House, "knownEvents" | "nowMs">,
): ReplayLane {
  const lane: Lane = openAnswerLane();
  let jobs: readonly ServedJob[] = [];
  let waiting = 0;

  const ask = async (served: ServedJob, what: Replayed, range: TimeRange) => {
    if (range.endMs - range.startMs > LONGEST_RANGE_MS) {
      throw new Refusal(422, "execution", "more than 93 days are not replayed for one answer; narrow the time range");
    }
    if (waiting >= MOST_WAITING)
      throw new Refusal(429, "too_many_requests", "too many questions are waiting; try again", 1);
    waiting++;
    try {
      const events = await knownEvents(range.startMs);
      const order = { served, what, range, settledMs: settledMs(served), mostSeries: MOST_SERIES, events };
      return (await lane.do<Question, ReplayAnswer>({ kind: "replay", order })).points;
    } catch (thrown) {
      throw refusalOf(thrown);
    } finally {
      waiting--;
    }
  };
  /** Servers have data up to now; files up to where the newest run has looked. */
  const settledMs = ({ job }: ServedJob) =>
    job.source.source === "csv"
      ? (findings.get(job.name)?.report?.untilMs ?? nowMs())
      : nowMs() - (job.source.settle ?? 0);

  return {
    setJobs: (changed) => {
      jobs = changed;
    },
    waiting: () => waiting,
    close: () => lane.close(),
    ofSeries: async (name, series, range) => {
      const served = jobs.find(({ job }) => job.name === name);
      return served === undefined ? [] : ask(served, { kind: "series", series }, range);
    },
    ofExpression: async (name, expression, range) =>
      ask(jobForExpression(jobs, name), { kind: "expression", expression }, range),
    ofTarget: async (name, target, range) => ask(jobForTarget(jobs, name, target), { kind: "target", target }, range),
  };
}

/** The job whose upstream and detector an expression goes to. @throws Refusal where that is not clear. */
export function jobForExpression(jobs: readonly ServedJob[], name: string | undefined): ServedJob {
  return jobFor(jobs, name, PROMQL);
}

/**
 * The job whose upstream and detector a Graphite target goes to: the one that is named, else the one whose template the target fits, else
 * the only one. @throws Refusal where that is not clear.
 */
export function jobForTarget(jobs: readonly ServedJob[], name: string | undefined, target: string): ServedJob {
  const fits = jobs.find(
    ({ job: { source } }) =>
      GRAPHITE.isAble(source) && source.template !== undefined && isOfTemplate(source.template, target),
  );
  return name === undefined && fits !== undefined ? fits : jobFor(jobs, name, GRAPHITE);
}

interface Language {
  /** What such a job asks, in words. */
  readonly asks: string;
  /** How a job is named in a query. */
  readonly naming: (job: string) => string;
  readonly isAble: (source: SourceSpec) => boolean;
}

const PROMQL: Language = {
  asks: "a server of PromQL",
  naming: (job) => `anomaly_score(EXPR, "${job}")`,
  isAble: (source) => source.source !== "csv" && speaksPromql(source.source, source),
};
const GRAPHITE: Language = {
  asks: "a Graphite",
  naming: (job) => `anomalyScore(target, "${job}")`,
  isAble: (source) => source.source !== "csv" && !speaksPromql(source.source, source),
};

function jobFor(jobs: readonly ServedJob[], name: string | undefined, { asks, naming, isAble }: Language): ServedJob {
  const able = jobs.filter(({ job }) => isAble(job.source));
  const named = able.filter(({ job }) => name === undefined || job.name === name);
  const places = new Set(named.map(placeOf));
  if (places.size === 1) return named[0];
  const names = able.map(({ job }) => job.name).join(", ");
  const bad = (message: string) => new Refusal(400, "bad_data", message);
  if (able.length === 0) throw bad(`no job asks ${asks}, so there is none to evaluate the expression`);
  if (named.length === 0) throw bad(`there is no job "${name}" that asks ${asks}; there are ${names}`);
  throw bad(`several jobs ask different servers; name one, as in ${naming(named[0].job.name)}: ${names}`);
}

function placeOf({ job: { source } }: ServedJob): string {
  const { graphiteUrl, grafanaUrl, prometheusUrl, victoriametricsUrl, datasourceUid } = source;
  return JSON.stringify([source.source, graphiteUrl, grafanaUrl, prometheusUrl, victoriametricsUrl, datasourceUid]);
}

/** What the caller can change is an answer; what the upstream did is its error. */
function refusalOf(thrown: unknown): unknown {
  if (!(thrown instanceof AnomalyError)) {
    return /timeout|aborted/i.test(messageOf(thrown))
      ? new Refusal(503, "timeout", "the replay took longer than a minute; narrow the time range or the expression")
      : thrown;
  }
  if (thrown.code === "source.timeout") return new Refusal(503, "timeout", thrown.message);
  return new Refusal(422, "execution", thrown.message);
}

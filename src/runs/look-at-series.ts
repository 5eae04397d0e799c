import { bySeries, type Judged, knowledgeOf } from "../anomalies/detect.js";
import type { DetectRequest, Problem } from "../anomalies/detect-request.js";
import type { SeriesKnowledge } from "../detectors/detector.js";
import { endMs, type Series, seriesKey, type TimeRange } from "../series/series.js";
import { slice } from "../series/slice.js";
import { covers } from "../sources/could-bring.js";
import type { FetchResult, Target, TargetProblem } from "../sources/source.js";
import type { Checkpoints } from "../store/run/run-store.js";
import { threadsWorth } from "../threads/threads-worth.js";
import { takeTurns } from "../threads/turns.js";
import { formatDuration } from "../time/duration.js";
import { type Observed, observeWhole } from "../watch/observe.js";
import { earliestStartMs, replayStartMs } from "../watch/replay-start.js";
import { checkpointMs, tailSlots } from "../watch/watched.js";
import { count } from "../wording/count.js";
import { continued, type Spare } from "./continued.js";
import type { ObservePlan, ObserveTask } from "./observe-job.js";

/** What is asked of the source. */
export interface Asking {
  readonly targets: readonly Target[];
  /** The target that brings one series; it may bring others as well. */
  readonly targetOfOne: (series: Pick<Series, "name" | "labels">) => Target;
  readonly fetch: (targets: readonly Target[], range: TimeRange) => Promise<FetchResult>;
  /** Past that is scored before the history which the detector needs ends: for groups. Default: none. */
  readonly moreHistoryMs?: number;
  /** How histories are scored by several threads; absent: in this one. */
  readonly threads?: { readonly asked: number | undefined; readonly plan: (checkpointMs: number) => ObservePlan };
  /** Ends the scoring when it is aborted. */
  readonly signal?: AbortSignal;
  readonly onScored?: (done: number, total: number) => void;
  /** Takes what was reused and how long things took. */
  readonly debug?: (message: string) => void;
}

/** What is said of the fetched series, and what could not be fetched. */
export interface Looked {
  readonly judged: readonly JudgedSeries[];
  readonly problems: readonly Problem[];
  readonly notes: readonly string[];
}

export interface JudgedSeries extends Judged {
  readonly series: Series;
}

/** Below this many slots starting a thread takes longer than it saves. */
const SLOTS_WORTH_A_THREAD = 100_000;
const WORKER = new URL("./observe-worker.js", import.meta.url);

/** Above this share of all series asking for each by itself takes longer than asking for all once more. */
const SINGLY_SHARE = 0.25;

/**
 * Looks at all series that the targets name. Of a series whose state is remembered only what is new is fetched and scored; of all
 * others, and where the state turns out to be of no use, the history. What is said is the same either way.
 *
 * @param request all but series and problems are used. @param store undefined: nothing is remembered.
 */
export async function lookAtSeries(
  request: Omit<DetectRequest, "series" | "problems">,
  { targets, targetOfOne, fetch: source, moreHistoryMs = 0, signal, onScored, threads, debug = () => {} }: Asking,
  store: Checkpoints | undefined,
): Promise<Looked> {
  const turns = takeTurns(signal);
  const { detector, inventory, fromMs, untilMs } = request;
  const { stepMs } = detector;
  const historyMs = detector.historyMs + moreHistoryMs;
  const ask: DetectRequest = { ...request, series: [], problems: [] };
  const known = bySeries(request.known);
  const judged: JudgedSeries[] = [];
  const done = new Set<string>();
  const say = (key: string, said: JudgedSeries) => {
    judged.push(said);
    done.add(key);
  };
  const next = checkpointMs(untilMs, stepMs);
  const fetch: Asking["fetch"] = async (wanted, range) => {
    const beganMs = performance.now();
    const fetched = await source(wanted, range);
    const span = `${formatDuration(Math.round((range.endMs - range.startMs) / 1000) * 1000)} of ${count(wanted.length, "target")}`;
    const failures = fetched.problems.length === 0 ? "" : `, ${count(fetched.problems.length, "problem")}`;
    debug(`fetched ${span}: ${count(fetched.series.length, "series", "series")}${failures} in ${sinceWords(beganMs)}`);
    return fetched;
  };
  const subject = (key: string, series: Series, profile: SeriesKnowledge) => ({
    series,
    profile,
    known: known.get(key) ?? [],
  });

  /** What is to be scored of a fetched series; undefined where it cannot be, which is then said. */
  const historyOf = (fetched: Series): { readonly key: string; readonly task: ObserveTask } | undefined => {
    const key = seriesKey(fetched.labels);
    const startMs = replayStartMs(key, fromMs, historyMs, stepMs);
    const series =
      fetched.stepMs === stepMs ? slice(fetched, { startMs, endMs: Math.max(startMs, endMs(fetched)) }) : fetched;
    const profile = knowledgeOf(ask, series);
    if ("status" in profile) {
      debug(`skipped ${series.name}: ${profile.status.reason ?? profile.status.state}`);
      say(key, { ...profile, series });
      return undefined;
    }
    return { key, task: { ...subject(key, series, profile), target: request.targetOf(series) } };
  };

  const lookAtAll = async (fetched: readonly Series[]) => {
    const beganMs = performance.now();
    const histories = fetched.flatMap((series) => historyOf(series) ?? []);
    const slots = histories.reduce((sum, { task }) => sum + task.series.values.length, 0);
    const share = slots / SLOTS_WORTH_A_THREAD;
    const used =
      threads === undefined ? 1 : threadsWorth(WORKER, { asked: threads.asked, share, parts: histories.length });
    let done = fetched.length - histories.length;
    const heard = (i: number, { watched, ...said }: Observed) => {
      const { key, task } = histories[i];
      say(key, { ...said, series: task.series });
      // What a series says of itself comes from the history: without it there is nothing to continue with.
      if (watched !== undefined && detector.learnedOf(key) !== undefined) store?.put(key, watched);
      onScored?.(++done, fetched.length);
    };
    if (threads !== undefined && used > 1) {
      const { workThrough } = await import("../threads/work-through.js");
      const tasks = histories.map(({ task }) => task);
      const here = () => {
        throw new TypeError("histories are scored by threads here");
      };
      await workThrough(
        tasks,
        { script: WORKER, data: threads.plan(next), here },
        { threads: used, signal, onResult: heard },
      );
    } else {
      for (const [i, { task }] of histories.entries()) {
        heard(i, await turns.drive(observeWhole(ask, task, next)));
        await turns.pause();
      }
    }
    const by = used > 1 ? ` by ${used} threads` : "";
    debug(`scored the history of ${count(histories.length, "series", "series")}${by} in ${sinceWords(beganMs)}`);
  };

  const lookNew = async (remembered: Checkpoints, fetched: ReadonlyMap<string, Series>) => {
    const beganMs = performance.now();
    const spare: Spare = {};
    for (const one of remembered.each()) {
      await turns.pause();
      const { key } = one;
      const series = fetched.get(key);
      if (series === undefined || series.stepMs !== stepMs) continue;
      const profile = knowledgeOf(ask, series);
      if ("status" in profile) continue;
      const seen = continued(remembered, one, { ask, subject: subject(key, series, profile), next, spare });
      if (seen === undefined) continue;
      say(key, {
        records: seen.records,
        status: seen.status,
        evidence: seen.evidence,
        points: seen.points,
        member: seen.member,
        series,
      });
      onScored?.(judged.length, fetched.size);
    }
    debug(`continued ${count(judged.length, "series", "series")} from their checkpoints in ${sinceWords(beganMs)}`);
  };

  const history = { startMs: earliestStartMs(fromMs, historyMs, stepMs), endMs: untilMs };
  const checkpoints = store?.checkpoints() ?? new Map<string, number>();
  debug(`${count(checkpoints.size, "checkpoint")} to continue from`);
  if (store === undefined || checkpoints.size === 0) {
    const fetched = await fetch(targets, history);
    await lookAtAll(fetched.series);
    return { judged, problems: fetched.problems.map(asProblem), notes: fetched.notes };
  }

  const oldestMs = [...checkpoints.values()].reduce((oldest, one) => Math.min(oldest, one), next);
  const news = await fetch(targets, { startMs: oldestMs - (tailSlots(stepMs) + 1) * stepMs, endMs: untilMs });
  const fetched = new Map(news.series.map((series) => [seriesKey(series.labels), series]));
  // Two series of one identity cannot both continue from one state.
  const isDoubled = fetched.size < news.series.length;
  if (!isDoubled) await lookNew(store, fetched);

  const failed = news.problems.filter(({ kind }) => kind === "failed");
  const empty = news.problems.filter(({ kind }) => kind === "no_data").map(({ target }) => target);
  // Some servers leave out what has been silent for an hour: it had a history, so it is looked at.
  const silent = inventory.series.filter(({ labels }) => {
    const key = seriesKey(labels);
    return store.has(key) && !fetched.has(key) && !news.problems.some(({ target }) => covers(target.labels, labels));
  });
  const rest = [...[...fetched].flatMap(([key, series]) => (done.has(key) ? [] : [series])), ...silent];
  if (rest.length + empty.length === 0) return { judged, problems: failed.map(asProblem), notes: news.notes };
  const singly = [...new Map(rest.map(targetOfOne).map((target) => [JSON.stringify(target), target])).values()];
  const isMany = isDoubled || singly.length > SINGLY_SHARE * (fetched.size + empty.length);
  const again = await fetch(isMany ? targets : [...empty, ...singly], history);
  await lookAtAll(again.series.filter(({ labels }) => !done.has(seriesKey(labels))));
  const isSingle = new Set(singly.filter((target) => !targets.includes(target)));
  // A single series that is gone is reported as one that the model knows, not as a target that nobody gave.
  const left = again.problems.filter(({ target, kind }) => kind === "failed" || !isSingle.has(target));
  return {
    judged,
    problems: (isMany ? left : [...failed, ...left]).map(asProblem),
    notes: [...new Set([...news.notes, ...again.notes])],
  };
}

const sinceWords = (beganMs: number) => `${((performance.now() - beganMs) / 1000).toFixed(2)} s`;

function asProblem({ target, kind, reason }: TargetProblem): Problem {
  return { labels: target.labels, expression: target.expression, kind, reason };
}

import { atOnce } from "../alert/settings/at-once.js";
import { count } from "../wording/count.js";
import { type Conductor, conductor, type Outcome } from "./conductor.js";
import { Findings } from "./findings.js";
import type { House, Room } from "./room.js";
import type { ServedJob } from "./run/order.js";
import type { ServeSettings } from "./settings.js";
import { openServedStore } from "./store/open-served.js";
import { servedEvents } from "./store/served-events.js";
import { servedVerdicts } from "./store/served-verdicts.js";
import { recordPieces } from "./store/storing.js";
import type { Writing } from "./writing.js";

/** The room that runs the jobs, and says of each run what people want to know. */
export interface Running extends Room {
  /** Jobs that are due and wait for the thread. */
  readonly waiting: () => number;
}

/** @param writer where newly scored slots are queued; null: nowhere. */
export function running(
  { findings, own, store, knownEvents, nowMs, log }: Omit<House, "afterRuns" | "jobs">,
  {
    mostWarmBytes,
    withVerdicts,
    minConfidence,
  }: Pick<ServeSettings, "mostWarmBytes" | "withVerdicts" | "minConfidence">,
  writer: Writing | null,
): Running {
  const runner: Conductor = conductor({
    findings,
    nowMs,
    mostWarmBytes,
    queues: writer?.queues ?? null,
    knownEvents,
    judged: servedVerdicts(store, withVerdicts, log),
    minConfidence,
    events: {
      onQueued: (job, queued) => writer?.onQueued(job, queued),
      onRun: (job, outcome, seconds, report) => {
        own.onRun(job, outcome, seconds);
        if (report === undefined) return;
        own.onShed(report.shed);
        if (report.shed > 0) {
          log("info", `let go of ${count(report.shed, "checkpoint file")} to stay within --max-memory`, job);
        }
        log("debug", `looked at ${report.fetchedSeries} series in ${seconds.toFixed(2)} s`, job);
        if (report.added > 0) log("info", count(report.added, "new episode"), job);
      },
      onFetchError: own.onFetchError,
      onMissed: (job, runs) => {
        own.onMissed(job, runs);
        log("warn", `${runs} ${runs === 1 ? "run was" : "runs were"} missed`, job);
      },
      onNote: (job, level, message) => log(level, message, job),
      onThreadDeath: (reason) => {
        own.onThreadDeath();
        log("error", `the scoring thread has died and is started again: ${reason}`);
      },
    },
  });
  let isStarted = false;
  return {
    setJobs: runner.setJobs,
    start: () => {
      isStarted = true;
      runner.start();
    },
    waiting: runner.waiting,
    close: async () => {
      // Its thread would be started to be ended.
      if (isStarted) await runner.stop();
    },
  };
}

/** Runs all jobs once, without a port. @returns how each went. */
export async function serveOnce(
  jobs: readonly ServedJob[],
  {
    mostWarmBytes,
    write,
    ...settings
  }: Pick<ServeSettings, "mostWarmBytes" | "write" | "store" | "events" | "withVerdicts" | "minConfidence" | "alerts">,
  { nowMs, log }: Pick<House, "nowMs" | "log">,
): Promise<ReadonlyMap<string, Outcome>> {
  const writer = write === null ? null : (await import("./writing.js")).writing(write, log);
  const findings = new Findings();
  const store = await openServedStore(settings.store, log);
  const runner = conductor({
    findings,
    nowMs,
    mostWarmBytes,
    queues: writer?.queues ?? null,
    knownEvents: servedEvents(store, () => settings.events, { nowMs, log, env: settings.events.env }),
    judged: servedVerdicts(store, settings.withVerdicts, log),
    minConfidence: settings.minConfidence,
    events: {
      onQueued: (job, queued) => writer?.onQueued(job, queued),
      onRun: (job, _, seconds, report) => {
        if (report !== undefined) log("info", `${report.fetchedSeries} series in ${seconds.toFixed(1)} s`, job);
      },
      onFetchError: () => {},
      onMissed: () => {},
      onNote: (job, level, message) => log(level, message, job),
      onThreadDeath: (reason) => log("error", `the scoring thread has died: ${reason}`),
    },
  });
  try {
    runner.setJobs(jobs);
    const outcomes = await runner.once();
    for (const job of findings.all()) await recordPieces(store, [...job.records()], nowMs);
    await Promise.all([
      writer?.once(),
      settings.alerts !== null && sayOnce(jobs, { findings, store, nowMs, log }, settings.alerts),
    ]);
    return outcomes;
  } finally {
    await Promise.all([runner.stop(), writer?.close()]);
    await store.close();
  }
}

/** Says what is due after the runs. Nothing more comes before the next call, so no message waits for others to join. */
async function sayOnce(
  jobs: readonly ServedJob[],
  house: Pick<House, "findings" | "store" | "nowMs" | "log">,
  { settings, env }: NonNullable<ServeSettings["alerts"]>,
): Promise<void> {
  const [{ alerting }, { Registry }] = await Promise.all([import("./alerting.js"), import("prom-client")]);
  const nobody = { add: () => {}, close: async () => {} };
  const around = { ...house, afterRuns: nobody, jobs: () => jobs, own: { registry: new Registry() } };
  const room = alerting(around, atOnce(settings), env);
  try {
    await room.once();
  } finally {
    await room.close();
  }
}

import { setTimeout as sleepFor } from "node:timers/promises";
import { keepAlive } from "../alert/deliver/keep-alive.js";
import { deliverDue } from "../alert/deliver/worker.js";
import { hear, nothingHeard } from "../alert/hear/hear.js";
import { type Problem, problemOfRun, problemsOfStatuses } from "../alert/problem.js";
import { openReceivers } from "../alert/receivers/house.js";
import type { AlertSettings } from "../alert/settings/settings.js";
import { tick } from "../alert/tick.js";
import { messageOf } from "../errors/errors.js";
import type { AnomalyRecord } from "../records/record.js";
import type { Lane } from "../threads/lane.js";
import { SECOND_MS } from "../time/duration.js";
import type { FinishedRun } from "./after-run.js";
import type { Question } from "./answer-worker.js";
import { alertMetrics } from "./exposition/alert-metrics.js";
import type { PageAnswer } from "./pages/page-order.js";
import type { House, Room } from "./room.js";

/** How often what waits for its time is looked at: the shortest wait that anybody sets is some seconds. */
const LOOK_MS = 5 * SECOND_MS;
/** How often the queue is looked at. */
const PUMP_MS = SECOND_MS;
/** How often answers are read. */
const HEAR_MS = 30 * SECOND_MS;

export interface Alerting extends Room {
  /** Says what is due after runs that no listener has heard of, and waits until it is sent or has failed. */
  readonly once: () => Promise<void>;
}

/** The room that tells people what the runs have found. */
export function alerting(
  {
    findings,
    afterRuns,
    store,
    jobs,
    own,
    nowMs,
    log,
  }: Omit<House, "own"> & { readonly own: Pick<House["own"], "registry"> },
  settings: AlertSettings,
  env: Readonly<Record<string, string | undefined>>,
): Alerting {
  const receivers = openReceivers(settings, { env });
  const metrics = alertMetrics(own.registry, store, receivers.names);
  const stop = new AbortController();
  const { signal } = stop;
  /** By job: what is wrong beside its episodes, as its newest run found it. */
  const others = new Map<string, { readonly statuses: readonly Problem[]; readonly failure: readonly Problem[] }>();
  const machines = new Map<string, readonly string[]>();
  const busy = new Map<string, Promise<void>>();
  const failing = new Set<string>();
  let turn: Promise<unknown> = Promise.resolve();
  let lane: Promise<Lane> | undefined;
  let keptMs = 0;

  const note = (run: Pick<FinishedRun, "job" | "failure" | "atMs" | "series">) => {
    const { job, failure, atMs } = run;
    const series = [...run.series()];
    machines.set(job, [...new Set(series.map(({ machine }) => machine))]);
    // A run that failed says nothing of its series: those of the run before stay.
    const statuses =
      failure === null
        ? problemsOfStatuses(
            series.map((one) => ({ ...one, series: one.name })),
            job,
            atMs,
          )
        : (others.get(job)?.statuses ?? []);
    others.set(job, { statuses, failure: failure === null ? [] : [problemOfRun(job, failure, atMs)] });
  };

  /** Decides about everything that is known now; looks follow each other. */
  const look = () => {
    const mine = turn.then(async () => {
      const now = nowMs();
      const recentMs = now - settings.maxAgeMs - settings.closeAfterMs;
      const records = findings
        .all()
        .flatMap((job) => [...job.records()])
        .filter((one) => one.status === "open" || Date.parse(one.end) >= recentMs);
      const written = await tick(
        store,
        {
          records,
          others: [...others.values()].flatMap(({ statuses, failure }) => [...statuses, ...failure]),
          coveredJobs: [...others.keys()],
          allJobs: jobs().map(({ job }) => job.name),
          fleetMachines: new Set([...machines.values()].flat()).size,
          // Those of an Alertmanager suppress records in the run already.
          silences: [],
        },
        settings,
        now,
      );
      for (const { say } of written) metrics.onMessage(say.route, say.stage);
      if (written.length > 0) pump();
    });
    turn = mine.catch(() => undefined);
    return mine;
  };

  const pictureOf = async (episode: string): Promise<Uint8Array | null> => {
    for (const served of jobs()) {
      const record = recordOf(findings.get(served.job.name)?.records() ?? [], episode);
      if (record === undefined) continue;
      lane ??= import("./answer-lane.js").then(({ openAnswerLane }) => openAnswerLane());
      const picture = await (await lane).do<Question, PageAnswer>({
        kind: "page",
        order: { kind: "picture", served, record, format: "png" },
      });
      return typeof picture === "string" ? null : picture;
    }
    return null;
  };

  /** Sends what is due, each receiver on its own. */
  const pump = () => {
    for (const name of receivers.names) {
      if (busy.has(name) || signal.aborted) continue;
      const sending = deliverDue([name], {
        store,
        receiverOf: receivers.get,
        pictureOf,
        nowMs,
        random: Math.random,
        sleep: (ms) => sleepFor(ms, undefined, { signal, ref: false }).catch(() => undefined),
        signal,
        onOutcome: ({ receiver }, outcome) => {
          metrics.onOutcome(receiver, outcome.ok ? "delivered" : outcome.retry === "later" ? "retried" : "failed");
          if (outcome.ok) {
            if (failing.delete(receiver)) log("info", `alerts: ${receiver} takes messages again`);
          } else if (outcome.retry === "never") log("error", `alerts: ${receiver}: ${outcome.error}`);
          // Once per outage: the metric counts the tries.
          else if (!failing.has(receiver)) {
            failing.add(receiver);
            log("warn", `alerts: ${receiver}: ${outcome.error}; it is tried again`);
          }
        },
      })
        .catch((thrown) => log("error", `alerts: ${name}: ${messageOf(thrown)}`))
        .finally(() => busy.delete(name));
      busy.set(name, sending);
    }
  };

  const keepAliveMs = Math.min(
    ...Object.values(settings.receivers).flatMap((one) => (one.kind === "alertmanager" ? [one.keepAliveMs] : [])),
  );
  const stayAlive = async () => {
    if (nowMs() - keptMs < keepAliveMs) return;
    keptMs = nowMs();
    const errors = await keepAlive(store, receivers, { nowMs: nowMs(), signal });
    for (const [name, error] of errors) log("warn", `alerts: ${name}: ${error}`);
  };

  const heard = nothingHeard();
  let hearing: Promise<unknown> | undefined;
  const listen = () => {
    if (signal.aborted || hearing !== undefined) return;
    const onNote = (receiver: string, level: "info" | "warn", words: string) =>
      log(level, `alerts: ${receiver}: ${words}`);
    hearing = hear(heard, { store, receivers, nowMs: nowMs(), signal, onNote })
      .catch(report)
      .finally(() => {
        hearing = undefined;
      });
  };

  const timers: NodeJS.Timeout[] = [];
  const report = (thrown: unknown) => log("error", `alerts: ${messageOf(thrown)}`);
  afterRuns.add("alerts", async (run) => {
    note(run);
    await look();
  });
  return {
    setJobs: (served) => {
      const names = new Set(served.map(({ job }) => job.name));
      for (const name of [...others.keys()]) if (!names.has(name)) others.delete(name);
      for (const name of [...machines.keys()]) if (!names.has(name)) machines.delete(name);
    },
    once: async () => {
      for (const job of findings.all()) {
        const { failure, endedMs } = job.health;
        note({ job: job.name, failure, atMs: endedMs ?? nowMs(), series: () => job.series() });
      }
      await look();
      pump();
      await Promise.all(busy.values());
    },
    start: () => {
      timers.push(setInterval(() => look().then(stayAlive).catch(report), LOOK_MS));
      timers.push(setInterval(pump, PUMP_MS));
      timers.push(setInterval(listen, HEAR_MS));
    },
    close: async () => {
      for (const timer of timers) clearInterval(timer);
      stop.abort();
      await Promise.all([turn, hearing, ...busy.values()]);
      await receivers.close();
      await (await lane)?.close();
    },
  };
}

function recordOf(records: Iterable<AnomalyRecord>, id: string): AnomalyRecord | undefined {
  for (const record of records) if (record.id === id) return record;
  return undefined;
}

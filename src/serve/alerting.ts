import { setTimeout as sleepFor } from "node:timers/promises";
import { keepAlive } from "../alert/deliver/keep-alive.js";
import { deliverDue } from "../alert/deliver/worker.js";
import { hear, nothingHeard } from "../alert/hear/hear.js";
import { type Problem, problemOfRun, problemsOfStatuses } from "../alert/problem.js";
import { openReceivers } from "../alert/receivers/house.js";
import type { AlertSettings } from "../alert/settings/settings.js";
import { tick } from "../alert/tick.js";
import { messageOf } from "../errors/errors.js";
import { SECOND_MS } from "../time/duration.js";
import type { FinishedRun } from "./after-run.js";
import { alertPictures } from "./alert-pictures.js";
import { alertMetrics } from "./exposition/alert-metrics.js";
import { goneReceivers } from "./gone-receivers.js";
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
  /**
   * Takes other settings between two looks; null: nobody hears of anything. What waits for a receiver that they no longer have fails, and what is
   * under way ends with the receivers that it began with.
   */
  readonly setSettings: (changed: AlertSettings | null) => Promise<void>;
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
  }: Omit<House, "own" | "knownEvents"> & { readonly own: Pick<House["own"], "registry"> },
  initial: AlertSettings,
  env: Readonly<Record<string, string | undefined>>,
): Alerting {
  let settings = initial;
  let receivers = openReceivers(settings, { env });
  const metrics = alertMetrics(own.registry, store);
  metrics.setReceivers(receivers.names);
  const stop = new AbortController();
  const { signal } = stop;
  /** By job: what is wrong beside its episodes, as its newest run found it. */
  const others = new Map<string, { readonly statuses: readonly Problem[]; readonly failure: readonly Problem[] }>();
  const machines = new Map<string, readonly string[]>();
  const busy = new Map<string, Promise<void>>();
  const failing = new Set<string>();
  const gone = goneReceivers({ store, nowMs, log }, (name) => metrics.onOutcome(name, "failed"));
  const pictures = alertPictures({ jobs, findings });
  const closing: Promise<unknown>[] = [];
  let turn: Promise<unknown> = Promise.resolve();
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

  const noteEnded = () => {
    for (const job of findings.all()) {
      const { failure, endedMs } = job.health;
      if (endedMs !== null) note({ job: job.name, failure, atMs: endedMs, series: () => job.series() });
    }
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

  /** Sends what is due, each receiver on its own. */
  const pump = () => {
    for (const name of receivers.names) {
      if (busy.has(name) || signal.aborted) continue;
      const sending = deliverDue([name], {
        store,
        receiverOf: (wanted) => receivers.get(wanted),
        pictureOf: pictures.of,
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

  const keepAliveMs = () =>
    Math.min(
      ...Object.values(settings.receivers).flatMap((one) => (one.kind === "alertmanager" ? [one.keepAliveMs] : [])),
    );
  const stayAlive = async () => {
    if (nowMs() - keptMs < keepAliveMs()) return;
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

  const setSettings = (changed: AlertSettings | null) => {
    const mine = turn.then(async () => {
      const [before, old] = [receivers, settings.receivers];
      settings = changed ?? { ...settings, receivers: {}, routes: [] };
      receivers = openReceivers(settings, { env });
      metrics.setReceivers(receivers.names);
      gone.change(before.names, receivers.names);
      // Its rights may be other ones now; where it reads from is the same unless its settings are not.
      heard.deaf.clear();
      for (const name of heard.cursors.keys()) {
        if (JSON.stringify(old[name]) !== JSON.stringify(settings.receivers[name])) heard.cursors.delete(name);
      }
      closing.push(
        Promise.allSettled([alive, hearing, ...busy.values()])
          .then(() => before.close())
          .catch(report),
      );
      // What fails here is tried again by the next look; the settings count.
      await gone.drop().catch(report);
    });
    turn = mine.catch(() => undefined);
    return mine;
  };

  const timers: NodeJS.Timeout[] = [];
  let alive: Promise<unknown> | undefined;
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
      noteEnded();
      await look();
      pump();
      await Promise.all(busy.values());
    },
    setSettings,
    start: () => {
      // Where a reload has brought the first settings, runs have ended before.
      noteEnded();
      const lookAgain = () => {
        alive = look().then(stayAlive).then(gone.drop).catch(report);
      };
      timers.push(setInterval(lookAgain, LOOK_MS));
      timers.push(setInterval(pump, PUMP_MS));
      timers.push(setInterval(listen, HEAR_MS));
    },
    close: async () => {
      for (const timer of timers) clearInterval(timer);
      stop.abort();
      await Promise.all([turn, alive, hearing, ...busy.values(), ...closing]);
      await receivers.close();
      await pictures.close();
    },
  };
}

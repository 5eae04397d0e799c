import { passingOn } from "../alert/acknowledge.js";
import type { EventSources } from "../runs/events/event-sources.js";
import { afterRuns } from "./after-run.js";
import type { Alerting } from "./alerting.js";
import { answering } from "./answering.js";
import { ownMetrics } from "./exposition/own-metrics.js";
import { Findings } from "./findings.js";
import { retraining } from "./retrain/retraining.js";
import type { House, Room } from "./room.js";
import type { ServedJob } from "./run/order.js";
import { type Running, running } from "./running.js";
import type { ServeSettings } from "./settings.js";
import { openServedStore } from "./store/open-served.js";
import { servedEvents } from "./store/served-events.js";
import { storing } from "./store/storing.js";
import type { WriteSettings } from "./write/write-order.js";

/** Settings that count from a reload on; others need a restart. */
export interface Reloadable {
  readonly alerts: ServeSettings["alerts"];
  readonly events: EventSources;
}

export type ServeAround = Pick<House, "nowMs" | "log">;

/** A server that runs. */
export interface Serving {
  /** `http://127.0.0.1:9977` */
  readonly address: string;
  /** Takes changed jobs; what is unchanged keeps its place. */
  readonly setJobs: (jobs: readonly ServedJob[]) => void;
  /** Takes what a reload may change beside the jobs: who hears of what, and where events come from. */
  readonly setSettings: (changed: Reloadable) => Promise<void>;
  /** Counts a reload of the settings that was accepted or refused. */
  readonly reloaded: (isGood: boolean) => void;
  /** Stops runs and answers, with everything that was found written. */
  readonly close: () => Promise<void>;
}

/**
 * Runs jobs on their intervals and answers what they have found.
 *
 * @throws ConfigError where it would listen beyond this machine without credentials, or a file of secrets cannot be used; OutputError
 * where the port cannot be had.
 */
export async function serve(
  jobs: readonly ServedJob[],
  settings: ServeSettings,
  { nowMs, log }: ServeAround,
): Promise<Serving> {
  const store = await openServedStore(settings.store, log);
  let served = jobs;
  const { env: _, ...sources } = settings.events;
  let now: Reloadable = { alerts: settings.alerts, events: sources };
  let runner: Running | undefined;
  const findings = new Findings();
  const own = ownMetrics({ version: settings.version, findings, waiting: () => runner?.waiting() ?? 0 });
  const after = afterRuns(findings, {
    jobs: () => served,
    nowMs,
    onFailure: (listener, job, reason) => {
      own.onListenerFailure(listener);
      log("error", `${listener}: ${reason}`, job);
    },
  });
  const knownEvents = servedEvents(store, () => now.events, { nowMs, log, env: settings.events.env });
  const house: House = { findings, own, afterRuns: after, store, knownEvents, jobs: () => served, nowMs, log };
  const rooms: Room[] = [];
  const open = <R extends Room>(room: R): R => {
    rooms.push(room);
    return room;
  };
  const close = async () => {
    await Promise.all([after, ...rooms].map((one) => one.close()));
    await store.close();
    own.close();
  };
  try {
    // A room is one line here; what it does after each run it says to `house.afterRuns`.
    const writer = settings.write === null ? null : open(await openWriting(house, settings.write));
    open(storing(house, settings.store));
    runner = open(running(house, settings, writer));
    const retrainer = open(retraining(house, settings));
    if (settings.annotate !== null) open((await import("./annotating.js")).annotating(house, settings.annotate));
    let alerter: Alerting | undefined;
    if (settings.alerts !== null) alerter = open(await openAlerting(house, settings.alerts));
    const passOn = () => passingOn(now.alerts?.settings);
    const answers = open(answering(house, settings, retrainer.routes, passOn));

    // Not ready before they have run.
    findings.setJobs(jobs.map(({ job }) => job.name));
    const address = await answers.listen();
    own.listening();
    const setJobs = (changed: readonly ServedJob[]) => {
      served = changed;
      for (const room of rooms) room.setJobs?.(changed);
    };
    setJobs(jobs);
    for (const room of rooms) room.start?.();
    const setSettings = async (changed: Reloadable) => {
      now = changed;
      if (alerter !== undefined) return alerter.setSettings(changed.alerts?.settings ?? null);
      if (changed.alerts === null) return;
      alerter = open(await openAlerting(house, changed.alerts));
      alerter.start?.();
    };
    return { address, setJobs, setSettings, reloaded: own.onReload, close };
  } catch (thrown) {
    await close();
    throw thrown;
  }
}

/** Loaded only where somebody hears of something. */
async function openAlerting(house: House, { settings, env }: NonNullable<ServeSettings["alerts"]>) {
  return (await import("./alerting.js")).alerting(house, settings, env);
}

/** Loaded only where something is written. */
async function openWriting({ own, nowMs, log }: House, write: WriteSettings) {
  const [{ writing }, { writeMetrics }] = await Promise.all([
    import("./writing.js"),
    import("./exposition/write-metrics.js"),
  ]);
  return writing(write, log, writeMetrics(own.registry, nowMs));
}

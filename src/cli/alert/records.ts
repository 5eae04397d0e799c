import { randomInt } from "node:crypto";
import { setTimeout as sleepFor } from "node:timers/promises";
import { keepAlive } from "../../alert/deliver/keep-alive.js";
import { deliverDue } from "../../alert/deliver/worker.js";
import { hear, nothingHeard } from "../../alert/hear/hear.js";
import { problemsOfStatuses } from "../../alert/problem.js";
import { openReceivers, type Receivers } from "../../alert/receivers/house.js";
import { atOnce } from "../../alert/settings/at-once.js";
import { dryTick, type Found, tick, type Written } from "../../alert/tick.js";
import { EXIT, type ExitCode } from "../../errors/errors.js";
import { drawJob } from "../../plot/draw-job.js";
import type { AnomalyRecord, HydratedRecord } from "../../records/record.js";
import { isHydrated } from "../../records/schema.js";
import { readStates } from "../../records/states-file.js";
import { moment } from "../../runs/moments.js";
import { nextDueMs } from "../../store/deliveries.js";
import type { Store } from "../../store/store.js";
import { SECOND_MS } from "../../time/duration.js";
import { doubted } from "../../verdicts/low-confidence.js";
import { count } from "../../wording/count.js";
import type { CommandContext } from "../commands/spec.js";
import { withStore } from "../open-store.js";
import { inputRecords } from "../record-input.js";
import { usualRecords } from "../usual-records.js";
import { neededAlerts } from "./open-alerts.js";
import { foundSilences } from "./silences.js";

type Context = CommandContext<"alert">;

/** What fails is tried again for so long; what then still waits is sent by the next call. */
const PATIENCE_MS = 10 * SECOND_MS;
/** Pixels of a picture for each unit: sharp on a phone. */
const SCALE = 2;

/** Decides about records and statuses, and sends what is due. Exit 1 where something could not be delivered. */
export async function alertRecords(context: Context): Promise<ExitCode> {
  const { options, streams, positionals, log, configPath } = context;
  const settings = atOnce(neededAlerts(configPath));
  const input = await inputRecords(positionals[0], streams, usualRecords());
  const nowMs = moment("--at", options.at, { nowMs: streams.nowMs(), timezone: settings.timezone }) ?? streams.nowMs();
  const { minConfidence: least } = options;
  const records = least === undefined ? input.records : input.records.map((record) => doubted(record, least));
  const found = await foundIn(context, records, nowMs);
  const receivers = openReceivers(settings, { env: streams.env });
  try {
    return await withStore(context, async (store) => {
      if (options.dryRun) return await printDry(context, await dryTick(store, found, settings, nowMs), receivers);
      const written = await tick(store, found, settings, nowMs, streams.nowMs());
      const failed = await deliver(context, store, receivers, input.records);
      await hear(nothingHeard(), {
        store,
        receivers,
        nowMs: streams.nowMs(),
        signal: context.signal,
        onNote: (receiver, level, words) => log[level](`${receiver}: ${words}`),
      });
      await keepAlive(store, receivers, { nowMs: streams.nowMs(), signal: context.signal });
      log.info(`${count(written.length, "message")} about ${count(input.records.length, "record")} from ${input.name}`);
      return failed === 0 ? EXIT.ok : EXIT.failed;
    });
  } finally {
    await receivers.close();
  }
}

async function foundIn(
  context: Context,
  records: readonly (AnomalyRecord | HydratedRecord)[],
  nowMs: number,
): Promise<Found> {
  const { options, origins, job = null } = context;
  const statuses = readStates(options.states, origins.states !== "default") ?? [];
  return {
    records,
    others: problemsOfStatuses(statuses, job, nowMs),
    coveredJobs: statuses.length === 0 ? [] : [job],
    fleetMachines: new Set(statuses.map(({ machine }) => machine)).size,
    silences: await foundSilences(context, nowMs),
  };
}

async function printDry(
  { streams, log }: Context,
  written: readonly Written[],
  receivers: Receivers,
): Promise<ExitCode> {
  for (const { say, message } of written) {
    for (const name of say.receivers) {
      const receiver = await receivers.get(name);
      const text = receiver === undefined ? "" : receiver.preview(message);
      await streams.out(`--- ${say.route} → ${name}: ${say.stage}\n${text}\n\n`);
    }
  }
  log.info(`${count(written.length, "message")} would be sent`);
  return EXIT.ok;
}

/** @returns how many of the newest tries failed. */
async function deliver(
  { streams, log, signal }: Context,
  store: Store,
  receivers: Receivers,
  records: readonly (AnomalyRecord | HydratedRecord)[],
): Promise<number> {
  const failing = new Map<string, string>();
  const sleep = (ms: number) => sleepFor(ms, undefined, { signal }).catch(() => undefined);
  const giveUpMs = streams.nowMs() + PATIENCE_MS;
  for (;;) {
    await deliverDue(receivers.names, {
      store,
      receiverOf: receivers.get,
      pictureOf: pictures(records),
      nowMs: streams.nowMs,
      random: () => randomInt(2 ** 32) / 2 ** 32,
      sleep,
      signal,
      onOutcome: ({ id, receiver }, outcome) => {
        if (outcome.ok) failing.delete(id);
        else failing.set(id, `${receiver}: ${outcome.error}`);
      },
    });
    signal.throwIfAborted();
    const next = await nextDueMs(store);
    if (failing.size === 0 || next === undefined || next > giveUpMs) break;
    await sleep(Math.max(0, next - streams.nowMs()));
  }
  for (const error of failing.values()) log.error(`not delivered: ${error}; anomaly alert log lists deliveries`);
  return failing.size;
}

/** Draws what hydrate has added; of other records there is no picture. */
function pictures(records: readonly (AnomalyRecord | HydratedRecord)[]) {
  return async (episode: string): Promise<Uint8Array | null> => {
    const record = records.find(({ id }) => id === episode);
    if (record === undefined || !isHydrated(record) || record.context === null) return null;
    const drawn = await drawJob(
      { kind: "episode", records: [record] },
      { format: "png", theme: "light", timezone: "UTC", scale: SCALE },
    );
    return "content" in drawn && typeof drawn.content !== "string" ? drawn.content : null;
  };
}

import { openStore } from "../../store/open.js";
import { deliverDue } from "../deliver/worker.js";
import { openReceivers } from "../receivers/house.js";
import { ALERTS_SCHEMA } from "../settings/schema.js";
import { tick } from "../tick.js";
import { episode, T0 } from "./problems.js";

/*
 * What `anomaly alert` does, as a process that a test can kill: for each moment from its arguments on it decides about a fleet that
 * misbehaves by the clock alone, and sends. Whoever runs it to its end has said all that is to be said.
 */
const [folder, url, from, until] = process.argv.slice(2);
const settings = ALERTS_SCHEMA.parse({
  close_after: "5m",
  storm: { incidents: 1000 },
  receivers: { hook: { kind: "webhook", url } },
  routes: [{ name: "all", receivers: ["hook"], group_wait: "0s", group_interval: "1m" }],
});
const password = process.env["ANOMALY_STORE_PASSWORD"];
const store = await openStore(folder, password === undefined ? {} : { password });
const receivers = openReceivers(settings, { env: {} });
const signal = new AbortController().signal;
process.stdout.write("ready\n");
for (let minute = Number(from); minute <= Number(until); minute++) {
  const nowMs = T0 + minute * 60_000;
  // A machine begins each seven minutes and is over after ten.
  const problems = Array.from({ length: Math.floor(minute / 7) + 1 }, (_, i) =>
    episode(`m${i}`, 7 * i, { step_s: 60 + i, ...(minute >= 7 * i + 10 && { until: 7 * i + 10 }) }),
  );
  const found = { others: [], coveredJobs: [], fleetMachines: 100, silences: [] };
  await tick(store, { ...found, records: problems.flatMap(({ record }) => record ?? []) }, settings, nowMs);
  await deliverDue(["hook"], {
    store,
    receiverOf: receivers.get,
    pictureOf: async () => null,
    nowMs: () => nowMs,
    random: () => 0,
    sleep: async () => {},
    signal,
    onOutcome: () => {},
  });
  process.stdout.write(`${minute}\n`);
}
await receivers.close();
await store.close();

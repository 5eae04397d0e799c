import { expect, test } from "vitest";
import { inMemoryStore } from "../store/in-memory-store.js";
import { acknowledgeIncident, passingOn } from "./acknowledge.js";
import { messageOfRow } from "./deliver/queue.js";
import { eventOf } from "./receivers/pagerduty.js";
import { ALERTS_SCHEMA } from "./settings/schema.js";
import { episode, MINUTE, T0 } from "./testing/problems.js";
import { tick } from "./tick.js";

const settings = ALERTS_SCHEMA.parse({
  receivers: { pager: { kind: "pagerduty" }, hook: { kind: "webhook", url: "http://127.0.0.1:9/" } },
  routes: [{ name: "all", receivers: ["pager", "hook"], group_wait: "0s" }],
});

test("an acknowledgement is queued once behind what PagerDuty has heard, under the same key, and for nobody else", async () => {
  const store = inMemoryStore();
  const records = [episode("n1", 0).record!];
  await tick(store, { records, others: [], coveredJobs: [], fleetMachines: 9, silences: [] }, settings, T0);
  const [incident] = await store.find("incidents");
  const opened = (await store.find("deliveries", { where: { receiver: "pager" } }))[0];
  const ack = () => acknowledgeIncident(store, incident.id, { atMs: T0 + MINUTE, by: "ann" }, passingOn(settings));
  expect([await ack(), await ack()]).toEqual([true, true]);
  const rows = await store.find("deliveries");
  expect(rows.map(({ receiver }) => receiver).sort()).toEqual(["hook", "pager", "pager"]);
  const row = rows.find(({ id }) => id.endsWith("-ack-pager"))!;
  expect(row).toMatchObject({ after: opened.id, state: "waiting" });
  expect(eventOf(messageOfRow(row))).toEqual({
    event_action: "acknowledge",
    dedup_key: eventOf(messageOfRow(opened)).dedup_key,
  });
  expect(await acknowledgeIncident(store, "nothing", { atMs: T0, by: null }, passingOn(settings))).toBe(false);
});

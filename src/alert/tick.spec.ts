import { expect, test } from "vitest";
import { recordEpisodes } from "../store/episodes.js";
import { inMemoryStore } from "../store/in-memory-store.js";
import { readState } from "./alert-rows.js";
import { problemsOfStatuses } from "./problem.js";
import { episode, MINUTE, T0, testSettings } from "./testing/problems.js";
import { dryTick, type Found, tick } from "./tick.js";

const settings = testSettings({ group_wait: "0s", match: ["status=~open|stale"] });
const record = episode("n1", 0, { job: "web" }).record!;
const nothing: Found = { records: [], others: [], coveredJobs: [], fleetMachines: 10, silences: [] };

test("an episode that is not among the records is as the store has it, and over where its job is gone", async () => {
  const store = inMemoryStore();
  await store.transaction((transaction) => recordEpisodes(transaction, [record], T0));
  const series = { machine: "n2", aggregator: "x", series: "n2.x", labels: {}, state: "stale", reason: null } as const;
  const others = problemsOfStatuses([series], "web", T0);
  const said = async (minute: number, found: Partial<Found>) =>
    (await tick(store, { ...nothing, ...found }, settings, T0 + minute * MINUTE)).map(({ say }) => say.stage);
  expect(await said(1, { records: [record], others })).toEqual(["open", "open"]);
  expect(await said(30, {})).toEqual([]);
  expect(await said(31, { allJobs: ["web"] })).toEqual([]);
  expect(await said(32, { allJobs: ["db"] })).toEqual([]);
  expect(await said(42, { allJobs: ["db"] })).toEqual(["close", "close"]);
});

test("a dry look finds the same messages and leaves nothing", async () => {
  const store = inMemoryStore();
  const found = { ...nothing, records: [record] };
  const dry = await dryTick(store, found, settings, T0);
  expect(await readState(store)).toEqual({ incidents: [], digests: [] });
  expect(await store.find("deliveries")).toEqual([]);
  expect(await tick(store, found, settings, T0)).toEqual(dry);
  expect((await store.find("deliveries")).map(({ id }) => id)).toEqual([`${dry[0].say.id}-hook`]);
});

import { expect, test } from "vitest";
import { testRecord } from "../../records/testing/record.js";
import { recordEpisodes } from "../../store/episodes.js";
import { inMemoryStore } from "../../store/in-memory-store.js";
import { giveVerdict } from "../../store/verdicts.js";
import { servedVerdicts } from "./served-verdicts.js";

const NOW_MS = Date.parse("2025-07-02T00:00:00Z");
const said = { job: null, author: "ann", note: null };

test("each run is given the verdict that counts now, of episodes that the store still has", async () => {
  const store = inMemoryStore();
  const verdicts = servedVerdicts(store, true, () => {});
  expect(await verdicts()).toEqual([]);
  await store.transaction((transaction) => recordEpisodes(transaction, [testRecord({ id: "e1" })], NOW_MS));
  await giveVerdict(store, { ...said, episode: "e1", verdict: "false" }, NOW_MS);
  await giveVerdict(store, { ...said, episode: "gone", verdict: "false" }, NOW_MS);
  expect(await verdicts()).toMatchObject([{ id: "e1", verdict: "false", look: { series: "n1.a", score: 2 } }]);
  await giveVerdict(store, { ...said, episode: "e1", verdict: "true" }, NOW_MS + 1000);
  expect((await verdicts()).map(({ verdict }) => verdict)).toEqual(["true"]);
  expect(await servedVerdicts(store, false, () => {})()).toEqual([]);
});

test("a store that cannot be read is logged, and the run goes without verdicts", async () => {
  const broken = { ...inMemoryStore(), find: async () => Promise.reject(new Error("disk")) };
  const logged: string[] = [];
  const verdicts = servedVerdicts(broken, true, (level, message) => logged.push(`${level} ${message}`));
  expect(await verdicts()).toEqual([]);
  expect(logged).toEqual(["error the store's verdicts are missing: disk"]);
});

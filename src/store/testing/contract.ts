import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { InputError } from "../../errors/errors.js";
import { eachRow } from "../each-row.js";
import type { Store } from "../store.js";
import { describeDomain } from "./contract-domain.js";
import { describeIncidents } from "./contract-incidents.js";
import { describeModel } from "./contract-model.js";
import { describeQueue } from "./contract-queue.js";
import { describeUpkeep } from "./contract-upkeep.js";
import { atMinute, MINUTE, T0, testEpisode, testEvent, testVerdict } from "./rows.js";

/** A place for one test: `open` gives the same store again, as another process would find it. */
export type OpenStore = () => Promise<Store>;

/** What every store must hold. @param freshPlace called before each test. */
export function describeStore(name: string, freshPlace: () => Promise<OpenStore>): void {
  describe(`the ${name} store`, () => {
    let opened: Store[];
    let openAgain: OpenStore;
    let store: Store;
    const open: OpenStore = async () => {
      const one = await openAgain();
      opened.push(one);
      return one;
    };
    beforeEach(async () => {
      opened = [];
      openAgain = await freshPlace();
      store = await open();
    });
    afterEach(async () => {
      for (const one of opened) await one.close();
    });
    const ids = async (reading: Promise<readonly { readonly id: string }[]>) => (await reading).map(({ id }) => id);

    test("holds nothing at first, and nothing is wrong with it", async () => {
      expect(await store.find("episodes")).toEqual([]);
      expect(await store.get("episodes", "e1")).toBeUndefined();
      expect(await store.check()).toEqual([]);
      await store.vacuum();
      expect(await store.sizeBytes()).toBeGreaterThanOrEqual(0);
    });

    test("gives a row back as it was written, to whoever opens it next, with fields that it does not know", async () => {
      const row = {
        ...testEvent("x1"),
        note: "Grüße 🚀 \u2028 \u0001 'quoted' \"twice\" \\ $1 ? %s",
        added_later: { list: [1e-7, 0.1, -0, 12345678901234, null, true], "a.b": "", half: "\ud800 \0" },
      };
      await store.transaction((transaction) => transaction.put("events", row));
      expect(await store.get("events", "x1")).toEqual({
        ...row,
        added_later: { ...row.added_later, list: [1e-7, 0.1, 0, 12345678901234, null, true] },
      });
      expect(await (await open()).find("events")).toEqual(await store.find("events"));
    });

    test("put replaces, add does not, remove says whether there was one", async () => {
      const said = await store.transaction(async (transaction) => [
        await transaction.add("verdicts", testVerdict("v1", 0, { note: "first" })),
        await transaction.add("verdicts", testVerdict("v1", 0, { note: "second" })),
        await transaction.remove("verdicts", "v2"),
      ]);
      expect(said).toEqual([true, false, false]);
      expect((await store.get("verdicts", "v1"))?.note).toBe("first");
      await store.transaction((transaction) => transaction.put("verdicts", testVerdict("v1", 5, { note: "third" })));
      expect(await store.find("verdicts")).toEqual([testVerdict("v1", 5, { note: "third" })]);
      expect(await store.transaction((transaction) => transaction.remove("verdicts", "v1"))).toBe(true);
      expect(await (await open()).find("verdicts")).toEqual([]);
    });

    test("takes no row that is none, and names what is wrong", async () => {
      const put = (row: unknown) => store.transaction((transaction) => transaction.put("events", row as never));
      await expect(put({ ...testEvent("x1"), kind: "party" })).rejects.toThrow(/events cannot hold "x1": kind: /);
      for (const wrong of [
        null,
        {},
        { ...testEvent("two words") },
        testEvent("x1", 0, { until: "tomorrow" }),
        { ...testEvent("x1"), source: "a\0b" },
      ]) {
        await expect(put(wrong)).rejects.toThrow(InputError);
      }
      expect(await store.find("events")).toEqual([]);
    });

    test("finds rows by columns, by one of several values, by null, and by time from begin up to but not including the end", async () => {
      await store.transaction(async (transaction) => {
        await transaction.put("episodes", testEpisode("e1", 0));
        await transaction.put("episodes", testEpisode("e2", 1, { job: null, severity: "low" }));
        await transaction.put("episodes", testEpisode("e3", 2, { job: "db", status: "closed" }));
        await transaction.put("episodes", testEpisode("e4", 2, { job: "web", status: "closed" }));
      });
      const found = (query: Parameters<typeof store.find<"episodes">>[1]) => ids(store.find("episodes", query));
      expect(await found({})).toEqual(["e1", "e2", "e3", "e4"]);
      expect(await found({ where: { job: "web" } })).toEqual(["e1", "e4"]);
      expect(await found({ where: { job: ["db", null] } })).toEqual(["e2", "e3"]);
      expect(await found({ where: { job: null, severity: "high" } })).toEqual([]);
      expect(await found({ where: { job: [] } })).toEqual([]);
      expect(await found({ where: { status: "closed", job: undefined } })).toEqual(["e3", "e4"]);
      expect(await found({ fromMs: T0 + MINUTE, untilMs: T0 + 2 * MINUTE })).toEqual(["e2"]);
      expect(await found({ fromMs: T0 + 0.5, untilMs: Number.POSITIVE_INFINITY })).toEqual(["e2", "e3", "e4"]);
      expect(await found({ order: "newest", limit: 3 })).toEqual(["e4", "e3", "e2"]);
      expect(await found({ limit: 0 })).toEqual([]);
    });

    test("gives pages that are the whole when put together, in both orders, also among rows of one moment", async () => {
      const names = Array.from({ length: 25 }, (_, i) => `v${String((i * 7) % 25).padStart(2, "0")}`);
      await store.transaction(async (transaction) => {
        for (const [i, id] of names.entries()) await transaction.put("verdicts", testVerdict(id, Math.floor(i / 10)));
      });
      for (const order of ["oldest", "newest"] as const) {
        const whole = await ids(store.find("verdicts", { order }));
        const pages: string[] = [];
        for (let after: Awaited<ReturnType<typeof store.get<"verdicts">>>; ; ) {
          const page = await store.find("verdicts", { order, limit: 4, ...(after && { after }) });
          pages.push(...page.map(({ id }) => id));
          after = page.at(-1);
          if (after === undefined) break;
        }
        expect(pages).toEqual(whole);
      }
      const each: string[] = [];
      for await (const { id } of eachRow(store, "verdicts")) each.push(id);
      expect(each).toEqual(await ids(store.find("verdicts")));
    });

    test("a transaction sees what it wrote, others see it when it is done, and what throws leaves nothing", async () => {
      await store.transaction((transaction) => transaction.put("verdicts", testVerdict("v0")));
      const other = await open();
      await store.transaction(async (transaction) => {
        await transaction.put("verdicts", testVerdict("v1", 1));
        await transaction.remove("verdicts", "v0");
        expect(await ids(transaction.find("verdicts"))).toEqual(["v1"]);
        expect(await transaction.get("verdicts", "v0")).toBeUndefined();
        expect(await ids(other.find("verdicts"))).toEqual(["v0"]);
        expect(await ids(store.find("verdicts"))).toEqual(["v0"]);
      });
      expect(await ids(other.find("verdicts"))).toEqual(["v1"]);
      const failure = new Error("the work failed");
      await expect(
        store.transaction(async (transaction) => {
          await transaction.put("verdicts", testVerdict("v2"));
          await transaction.put("events", testEvent("x1"));
          throw failure;
        }),
      ).rejects.toBe(failure);
      expect(await ids(other.find("verdicts"))).toEqual(["v1"]);
      expect(await store.find("events")).toEqual([]);
    });

    test("writers take turns, over handles too: no update is lost", async () => {
      const other = await open();
      await store.transaction((transaction) => transaction.put("verdicts", testVerdict("v1", 0, { note: "0" })));
      const increment = (one: Store) =>
        one.transaction(async (transaction) => {
          const row = await transaction.get("verdicts", "v1");
          await transaction.put("verdicts", testVerdict("v1", 0, { note: String(Number(row?.note) + 1) }));
        });
      await Promise.all(Array.from({ length: 20 }, (_, i) => increment(i % 2 === 0 ? store : other)));
      expect((await store.get("verdicts", "v1"))?.note).toBe("20");
    });

    test("keeps all rows when it is vacuumed while others use it", async () => {
      const other = await open();
      for (let i = 0; i < 5; i++) {
        await other.transaction((transaction) => transaction.put("verdicts", testVerdict(`v${i}`, i)));
        await other.transaction((transaction) => transaction.put("verdicts", testVerdict("v0", i)));
        await store.vacuum();
      }
      expect(await other.find("verdicts")).toEqual(await store.find("verdicts"));
      expect(await ids(other.find("verdicts"))).toEqual(["v1", "v2", "v3", "v0", "v4"]);
      expect((await store.get("verdicts", "v0"))?.at).toBe(atMinute(4));
    });

    describeQueue(() => store, open);
    describeIncidents(() => store, open);
    describeDomain(() => store);
    describeUpkeep(() => store);
    describeModel(open);
  });
}

import { describe, expect, test } from "vitest";
import { testRecord } from "../../records/testing/record.js";
import { historyOf, recordEpisodes, recordOf } from "../episodes.js";
import { eventsBetween } from "../events.js";
import { addSilence, endSilence, silencesAt, silencing } from "../silences.js";
import type { Store } from "../store.js";
import { countingVerdicts, giveVerdict, newestVerdict, takeVerdict } from "../verdicts.js";
import { atMinute, MINUTE, T0, testEvent } from "./rows.js";

/** What alerting and people do with it, on every store. */
export function describeDomain(current: () => Store): void {
  describe("its episodes", () => {
    const seen = (minute: number, ...records: Parameters<typeof testRecord>[0][]) =>
      current().transaction((transaction) =>
        recordEpisodes(
          transaction,
          records.map((part) => testRecord(part)),
          T0 + minute * MINUTE,
        ),
      );
    const history = async () =>
      (await historyOf(current(), "id-1")).map(({ at, change, was, now }) => [at, change, was, now]);

    test("have a history of what changed, in its order", async () => {
      await seen(0, { severity: "low" });
      expect(await seen(1, { severity: "low", detected_at: atMinute(1) })).toEqual([]);
      expect((await current().get("episodes", "id-1"))?.updated_at).toBe(atMinute(0));
      await seen(2, { severity: "low", end: atMinute(2) });
      await seen(3, { severity: "critical", kind: "level_shift" });
      await seen(4, { severity: "medium", kind: "level_shift", adjusted_by: { verdict: "v1" } } as never);
      await seen(5, {
        severity: "medium",
        kind: "level_shift",
        adjusted_by: { verdict: "v1" },
        status: "closed",
      } as never);
      await seen(6, { severity: "medium", kind: "level_shift" });
      expect(await history()).toEqual([
        [atMinute(0), "opened", null, "low"],
        [atMinute(3), "kind_changed", "spike", "level_shift"],
        [atMinute(3), "severity_raised", "low", "critical"],
        [atMinute(4), "severity_lowered", "critical", "medium"],
        [atMinute(4), "adjusted", null, '{"verdict":"v1"}'],
        [atMinute(5), "closed", "open", testRecord().end],
        [atMinute(6), "reopened", testRecord().end, null],
        [atMinute(6), "adjusted", '{"verdict":"v1"}', null],
      ]);
      expect(await current().get("episodes", "id-1")).toMatchObject({ found_at: atMinute(0), updated_at: atMinute(6) });
    });

    test("that are over when they are found open and close at once", async () => {
      const changes = await seen(0, { status: "closed" }, { id: "id-2", machine: "n2" });
      expect(changes.map(({ episode, change }) => [episode, change])).toEqual([
        ["id-1", "opened"],
        ["id-1", "closed"],
        ["id-2", "opened"],
      ]);
      expect((await current().find("episodes", { where: { machine: "n2" } })).map(recordOf)).toEqual([
        testRecord({ id: "id-2", machine: "n2" }),
      ]);
    });

    test("keep what hydrate has found of them, without its arrays, while they continue", async () => {
      await seen(0, {});
      const window = { start: atMinute(-60), end: atMinute(60), mode: "centred" };
      await seen(1, { max_value: 7, window, context: { observed: [1] }, history: null } as never);
      await seen(2, { end: atMinute(90) });
      expect(recordOf((await current().find("episodes"))[0])).toEqual({
        ...testRecord({ end: atMinute(90) }),
        max_value: 7,
        window,
      });
      expect(await history()).toHaveLength(1);
    });
  });

  describe("its verdicts", () => {
    const said = { episode: "e1", job: null, author: "ann", note: null } as const;

    test("count when they are the newest of their episode, also where the clock went back, and the others stay", async () => {
      await giveVerdict(current(), { ...said, verdict: "false", note: "backup" }, T0);
      await giveVerdict(current(), { ...said, verdict: "expected" }, T0 - MINUTE);
      await giveVerdict(current(), { ...said, episode: "e2", verdict: "true" }, T0 - MINUTE);
      expect((await newestVerdict(current(), "e1"))?.verdict).toBe("expected");
      expect(await newestVerdict(current(), "e3")).toBeUndefined();
      expect([...(await countingVerdicts(current()))].map(([id, { verdict }]) => [id, verdict]).sort()).toEqual([
        ["e1", "expected"],
        ["e2", "true"],
      ]);
      expect(await current().find("verdicts", { where: { episode: "e1" } })).toHaveLength(2);
    });

    test("are taken from elsewhere once", async () => {
      const take = (at: string) =>
        current().transaction((transaction) => takeVerdict(transaction, { ...said, verdict: "true" }, at));
      expect([await take(atMinute(0)), await take("2025-07-01T12:00:00+02:00"), await take(atMinute(1))]).toEqual([
        true,
        false,
        true,
      ]);
    });
  });

  describe("its silences and events", () => {
    const silence = (id: string, from: number, until: number) =>
      addSilence(
        current(),
        { id, matchers: ["machine=n1"], from: atMinute(from), until: atMinute(until), author: "ann", note: null },
        T0,
      );

    test("hold from their begin up to their end, for what matches", async () => {
      await silence("s1", 0, 10);
      await silence("s2", 5, 8);
      const at = async (minute: number) => (await silencesAt(current(), T0 + minute * MINUTE)).map(({ id }) => id);
      expect([await at(-1), await at(0), await at(5), await at(8), await at(10)]).toEqual([
        [],
        ["s1"],
        ["s2", "s1"],
        ["s1"],
        [],
      ]);
      const silences = await silencesAt(current(), T0);
      expect(silencing(silences, testRecord())?.id).toBe("s1");
      expect(silencing(silences, testRecord({ machine: "n2" }))).toBeUndefined();
      expect(await silencesAt(current(), T0, { ahead: true })).toHaveLength(2);
      await expect(
        addSilence(
          current(),
          { id: "s3", matchers: ["no"], from: atMinute(0), until: atMinute(1), author: null, note: null },
          T0,
        ),
      ).rejects.toThrow('"no" is no matcher');
    });

    test("a silence can be ended, and one ahead be taken back", async () => {
      await silence("s1", 0, 10);
      await silence("s2", 5, 8);
      const end = (id: string, minute: number) => endSilence(current(), id, T0 + minute * MINUTE);
      expect([await end("s1", 3), await end("s1", 4), await end("s2", 3), await end("s4", 3)]).toEqual([
        true,
        false,
        true,
        false,
      ]);
      expect((await current().find("silences")).map(({ id, until }) => [id, until])).toEqual([["s1", atMinute(3)]]);
    });

    test("events are found where they touch a span, ends not included", async () => {
      await current().transaction(async (transaction) => {
        await transaction.put("events", testEvent("x1", 0));
        await transaction.put("events", testEvent("x2", 20));
      });
      const between = async (from: number, until: number) =>
        (await eventsBetween(current(), T0 + from * MINUTE, T0 + until * MINUTE)).map(({ id }) => id);
      expect([await between(-5, 0), await between(-5, 1), await between(9, 21), await between(10, 20)]).toEqual([
        [],
        ["x1"],
        ["x1", "x2"],
        [],
      ]);
    });
  });
}

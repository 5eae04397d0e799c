import { describe, expect, test } from "vitest";
import { DAY_MS } from "../../time/duration.js";
import { formatUtc } from "../../time/format.js";
import { claimDue, enqueue, markDelivered } from "../deliveries.js";
import { inMemoryStore } from "../in-memory-store.js";
import { retain } from "../retention.js";
import type { Store } from "../store.js";
import { TABLE_NAMES } from "../tables.js";
import { exportLines, importLines } from "../transfer.js";
import { takeVerdictLines, verdictLines } from "../verdict-lines.js";
import { atMinute, T0, testDelivery, testEpisode, testEvent, testVerdict } from "./rows.js";

/** Retention, export and import, on every store. */
export function describeUpkeep(current: () => Store): void {
  const linesOf = async (store: Store) => {
    const lines: string[] = [];
    for await (const line of exportLines(store)) lines.push(line);
    return lines;
  };
  const daysAgo = (days: number) => formatUtc(T0 - days * DAY_MS);
  const fill = (note = "") =>
    current().transaction(async (transaction) => {
      for (let day = 1; day <= 30; day++) {
        const span = { start: daysAgo(day), end: daysAgo(day - 0.5) };
        await transaction.put(
          "episodes",
          testEpisode(`e${day}`, 0, { ...span, status: day % 10 === 0 ? "open" : "closed", record: { note } }),
        );
        await transaction.put("changes", {
          id: `e${day}-0001`,
          episode: `e${day}`,
          at: span.start,
          change: "opened",
          was: null,
          now: "low",
        });
        await transaction.put("verdicts", testVerdict(`v${day}`, 0, { at: span.start }));
        await transaction.put("events", testEvent(`x${day}`, 0, { from: daysAgo(40), until: daysAgo(day - 2) }));
        await transaction.put("runs", {
          id: `r${day}`,
          job: null,
          started_at: span.start,
          ended_at: span.end,
          from: null,
          until: null,
          series: 1,
          episodes: 0,
          failure: null,
        });
      }
      for (const id of ["d1", "d2"]) await enqueue(transaction, testDelivery(id, -60 * 24 * 20), T0 - 20 * DAY_MS);
    });

  describe("its upkeep", () => {
    test("drops what ended before its time, with its history, and nothing that is open, waiting or ahead", async () => {
      await fill();
      const [claimed] = await claimDue(current(), { nowMs: T0 - 20 * DAY_MS, leaseMs: 1, lease: "l", limit: 1 });
      await markDelivered(current(), claimed, T0 - 20 * DAY_MS);
      expect(await retain(current(), { keepMs: 10 * DAY_MS }, T0)).toBeGreaterThan(50);
      const kept = async (table: (typeof TABLE_NAMES)[number]) => (await current().find(table)).map(({ id }) => id);
      expect(await kept("episodes")).toEqual([
        "e30",
        "e20",
        "e10",
        "e9",
        "e8",
        "e7",
        "e6",
        "e5",
        "e4",
        "e3",
        "e2",
        "e1",
      ]);
      expect(await kept("changes")).toEqual((await kept("episodes")).map((id) => `${id}-0001`));
      expect(await kept("verdicts")).toHaveLength(10);
      expect(await kept("events")).toHaveLength(12);
      expect(await kept("runs")).toHaveLength(10);
      expect(await kept("deliveries")).toEqual(["d2"]);
      expect(await retain(current(), { keepMs: 10 * DAY_MS }, T0)).toBe(0);
    });

    test("keeps runs for two weeks at most, because there are many", async () => {
      await fill();
      await retain(current(), { keepMs: 400 * DAY_MS }, T0);
      expect(await current().find("runs")).toHaveLength(14);
      expect(await current().find("episodes")).toHaveLength(30);
    });

    test("drops the oldest until the rest fits, and all there is to drop where it never does", async () => {
      await fill("x".repeat(20_000));
      const before = await current().sizeBytes();
      expect(before).toBeGreaterThan(600_000);
      await retain(current(), { keepMs: 400 * DAY_MS, maxBytes: before / 2 }, T0);
      expect(await current().sizeBytes()).toBeLessThanOrEqual(before / 2);
      const left = (await current().find("episodes", { where: { status: "closed" } })).map(({ id }) => id);
      expect(left.length).toBeGreaterThan(5);
      expect(left).toContain("e1");
      expect(left).not.toContain("e29");
      await retain(current(), { keepMs: 400 * DAY_MS, maxBytes: 1 }, T0);
      expect((await current().find("episodes")).map(({ status }) => status)).not.toContain("closed");
      expect(await current().find("deliveries")).toHaveLength(2);
    });

    test("is exported and imported elsewhere, equal afterwards, and a second time changes nothing", async () => {
      await fill();
      const lines = await linesOf(current());
      const other = inMemoryStore();
      expect(await importLines(other, lines, "export")).toBe(lines.length - 1);
      expect(await linesOf(other)).toEqual(lines);
      await current().transaction(async (transaction) => {
        for (const table of TABLE_NAMES)
          for (const { id } of await transaction.find(table)) await transaction.remove(table, id);
      });
      expect(await linesOf(current())).toHaveLength(1);
      await importLines(current(), lines, "export");
      await importLines(current(), lines, "export");
      expect(await linesOf(current())).toEqual(lines);
      expect(await current().check()).toEqual([]);
    });

    test("takes nothing that is no export, with the line", async () => {
      const take = (...lines: string[]) => importLines(current(), lines, "in.ndjson");
      const head = '{"schema":"anomaly-store-export/1"}';
      await expect(take()).rejects.toThrow("in.ndjson:1: it is empty");
      await expect(take("{}")).rejects.toThrow("in.ndjson:1: it is not what anomaly store export writes");
      await expect(take('{"schema":"anomaly-store-export/2"}')).rejects.toThrow(
        "by a newer version (anomaly-store-export/2)",
      );
      await expect(take(head, "no")).rejects.toThrow("in.ndjson:2: this is not JSON");
      await expect(take(head, '{"table":"people","row":{}}')).rejects.toThrow(
        'in.ndjson:2: a line needs "table" and "row"',
      );
      await expect(take(head, '{"table":"events","row":{"id":"x"}}')).rejects.toThrow(
        'in.ndjson:2: events cannot hold "x": kind: ',
      );
    });

    test("gives verdicts as lines that version control shows well, and takes them back, those of older versions too", async () => {
      const text = [
        { id: "e1", job: "web", verdict: "false", author: null, note: null, at: atMinute(0) },
        { id: "e2", job: null, verdict: "true", author: "ann", note: "disk", at: atMinute(1) },
      ]
        .map((line) => `${JSON.stringify(line)}\n`)
        .join("");
      const take = (given: string) =>
        current().transaction((transaction) => takeVerdictLines(transaction, given, "v.ndjson"));
      expect([await take(text), await take(text)]).toEqual([2, 0]);
      let written = "";
      for await (const line of verdictLines(current())) written += line;
      expect(written).toBe(text);
      expect(await take(`{"id":"e3","job":"web","verdict":"expected","at":"${atMinute(2)}"}\n\n`)).toBe(1);
      await expect(take('{"id":"e3"}')).rejects.toThrow("v.ndjson:1: verdict: ");
      await expect(take(`${text}torn`)).rejects.toThrow("v.ndjson:3: this is not JSON");
    });
  });
}

import { describe, expect, test } from "vitest";
import type { SeriesStatus } from "./status.js";
import { testRecord } from "./testing/record.js";
import { upsertRecords } from "./upsert.js";

const NOW = Date.parse("2025-07-02T00:00:00Z");
const OPTIONS = {
  dropBeforeMs: NOW - 30 * 86_400_000,
  lookedFromMs: NOW - 86_400_000,
  owners: [{ job: null, detector: "family" }],
  statuses: [statusOf("ok")],
};

function statusOf(state: SeriesStatus["state"]): SeriesStatus {
  const { machine, aggregator, series, labels } = testRecord();
  return { machine, aggregator, series, labels, state, score: null, last_at: null, last_value: null, reason: null };
}

describe("upsertRecords", () => {
  test("the same records again change nothing, not even detected_at", () => {
    const existing = [testRecord(), testRecord({ id: "id-2", status: "closed" })];
    const again = existing.map((record) => ({ ...record, detected_at: "2025-07-02T00:00:00Z" }));
    expect(upsertRecords(existing, again, OPTIONS)).toEqual({ records: existing, added: 0, updated: 0, dropped: 0 });
  });

  test("an episode that continues is replaced in place; a new one follows", () => {
    const first = testRecord();
    const other = testRecord({ id: "id-2" });
    const grown = testRecord({ end: "2025-07-01T12:00:00Z" });
    const fresh = testRecord({ id: "id-3" });
    const result = upsertRecords([first, other], [fresh, grown], OPTIONS);
    expect(result.records.map(({ id, end }) => [id, end])).toEqual([
      ["id-1", "2025-07-01T12:00:00Z"],
      ["id-2", "2025-07-01T11:00:00Z"],
      ["id-3", "2025-07-01T11:00:00Z"],
    ]);
    expect(result).toMatchObject({ added: 1, updated: 1, dropped: 0 });
  });

  test("a closed record older than kept is dropped; an open one that old is closed, and dropped by a later run", () => {
    const old = { end: "2025-05-01T00:00:00Z" };
    const result = upsertRecords(
      [testRecord({ ...old, status: "closed" }), testRecord({ ...old, id: "id-2" }), testRecord({ id: "id-3" })],
      [],
      OPTIONS,
    );
    expect(result.records.map(({ id, status }) => [id, status])).toEqual([
      ["id-2", "closed"],
      ["id-3", "open"],
    ]);
    expect(result.dropped).toBe(1);
    expect(upsertRecords(result.records, [], OPTIONS).records.map(({ id }) => id)).toEqual(["id-3"]);
  });

  test.each([
    ["every series failed", [statusOf("failed")]],
    ["no series had data", [statusOf("no_data")]],
    ["there was no series", []],
  ])("a run in which %s closes and drops nothing, whatever its clock says", (_, statuses) => {
    const old = { end: "2025-05-01T00:00:00Z" };
    const existing = [testRecord(old), testRecord({ ...old, id: "id-2", status: "closed" })];
    expect(upsertRecords(existing, [], { ...OPTIONS, statuses }).records).toEqual(existing);
  });

  test("an open record of a series that failed stays open, while those of others are closed", () => {
    const old = { end: "2025-06-01T12:00:00Z" };
    const other = { machine: "n9", aggregator: "a" };
    const existing = [testRecord(old), testRecord({ ...old, id: "id-2", labels: other })];
    const statuses = [statusOf("failed"), { ...statusOf("ok"), labels: other }];
    const { records } = upsertRecords(existing, [], { ...OPTIONS, statuses });
    expect(records.map(({ status }) => status)).toEqual(["open", "closed"]);
  });

  test("records of another job or detector are neither closed nor dropped nor overwritten", () => {
    const old = { end: "2025-05-01T00:00:00Z" };
    const others = [
      testRecord({ ...old, id: "a", detector: "residual" }),
      testRecord({ ...old, id: "b", job: "lag", status: "closed" }),
    ];
    const result = upsertRecords(others, [testRecord()], OPTIONS);
    expect(result.records).toEqual([...others, testRecord()]);
    expect(result.dropped).toBe(0);
  });

  test("an open record that ended before the window of this run is closed, and one inside it is left alone", () => {
    const before = testRecord({ end: "2025-06-30T00:00:00Z" });
    const inside = testRecord({ id: "id-2", end: "2025-07-01T11:00:00Z" });
    const { records } = upsertRecords([before, inside], [], OPTIONS);
    expect(records.map(({ status }) => status)).toEqual(["closed", "open"]);
  });
});

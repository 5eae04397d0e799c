import { describe, expect, test } from "vitest";
import { UsageError } from "../../errors/errors.js";
import { findIncidents } from "../../incidents/incidents.js";
import { at } from "../../incidents/testing/record-at.js";
import { beginOf, isId, momentOf } from "./moment-of.js";

describe("what is given is an id or a time", () => {
  test.each(["0a1b", "deadbeef", "5bf03d2a9c1e4478", "1234567890123456"])("%s is an id", (text) => {
    expect(isId(text)).toBe(true);
  });

  test.each(["2025-07-02T21:40Z", "1751492400", "now-3h", "-2d", "now", "2025-07-02"])("%s is a time", (text) => {
    expect(isId(text)).toBe(false);
    expect(momentOf(text, { nowMs: Date.UTC(2025, 6, 3), timezone: "UTC" })).toBeGreaterThan(0);
  });

  test("what is neither is refused by its name", () => {
    expect(() => momentOf("yesterdayish", { nowMs: 0, timezone: "UTC" })).toThrow(UsageError);
  });
});

describe("the begin of", () => {
  const together = ["a", "b", "c"].map((aggregator) =>
    at(90, "n1", { id: `e${aggregator}`, aggregator, labels: { machine: "n1", aggregator } }),
  );
  const records = [at(30, "n7", { id: "beef01" }), ...together];

  test("an episode, by the beginning of its id", () => {
    expect(beginOf("beef", records, "out/x")).toBe(Date.parse("2025-07-01T00:30:00Z"));
  });

  test("an incident of these records", () => {
    const [incident] = findIncidents(records).machines;
    expect(beginOf(incident.id, records, "out/x")).toBe(Date.parse("2025-07-01T01:30:00Z"));
  });

  test("nothing that is there is refused with the place that was looked in", () => {
    expect(() => beginOf("cafe", records, "out/x")).toThrow('out/x has no record "cafe"');
  });
});

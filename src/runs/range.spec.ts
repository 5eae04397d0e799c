import { describe, expect, test } from "vitest";
import { UsageError } from "../errors/errors.js";
import { reportedRange } from "./range.js";

const HOUR = 3_600_000;
const NOW = Date.parse("2025-07-02T00:00:00Z");
const context = { sourceNowMs: NOW, wallClockMs: NOW + HOUR, timezone: "UTC" };
const none = { from: undefined, until: undefined, at: undefined, lookback: 24 * HOUR };

describe("reportedRange", () => {
  test("is the lookback before the source's now", () => {
    expect(reportedRange(none, context)).toEqual({ startMs: NOW - 24 * HOUR, endMs: NOW });
  });

  test("ends at --at, at --until, and begins at --from", () => {
    const at = reportedRange({ ...none, at: "2025-06-01T12:00Z" }, context);
    expect(at).toEqual({ startMs: Date.parse("2025-05-31T12:00Z"), endMs: Date.parse("2025-06-01T12:00Z") });
    const both = reportedRange(
      { ...none, from: "2025-06-01", until: "2025-06-03" },
      { ...context, timezone: "Europe/Berlin" },
    );
    // Berlin is UTC+2 in June.
    expect(both).toEqual({ startMs: Date.parse("2025-05-31T22:00Z"), endMs: Date.parse("2025-06-02T22:00Z") });
  });

  test("reads relative moments from the wall clock", () => {
    expect(reportedRange({ ...none, from: "-2h" }, context).startMs).toBe(NOW - HOUR);
  });

  test("refuses two ends, a reversed range, and names the option that cannot be read", () => {
    expect(() => reportedRange({ ...none, at: "now", until: "now" }, context)).toThrow("--at and --until");
    expect(() => reportedRange({ ...none, from: "2025-06-03", until: "2025-06-01" }, context)).toThrow(
      "must be before",
    );
    expect(() => reportedRange({ ...none, from: "yesterdy" }, context)).toThrow(UsageError);
    expect(() => reportedRange({ ...none, from: "yesterdy" }, context)).toThrow("--from:");
  });
});

import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { UsageError } from "../errors/errors.js";
import { formatDuration, parseDuration } from "./duration.js";

describe("parseDuration", () => {
  test.each([
    ["90s", 90_000],
    ["5min", 300_000],
    ["5m", 300_000],
    ["24h", 86_400_000],
    ["1h30m", 5_400_000],
    ["1h 30m", 5_400_000],
    ["7d", 604_800_000],
    ["2 weeks", 1_209_600_000],
    ["1.5H", 5_400_000],
    ["1mon", 2_592_000_000],
    ["250ms", 250],
  ])("%s is %d ms", (text, ms) => {
    expect(parseDuration(text)).toBe(ms);
  });

  test.each(["", "5", "h", "1x", "-5min", "1h x", "x 1h", "0s", "1M", "1,5h", "NaNs"])("refuses %j", (text) => {
    expect(() => parseDuration(text)).toThrow(UsageError);
  });

  test("reads back what formatDuration writes of whole seconds with at most two units", () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 59 }),
        fc.constantFrom(1000, 60_000, 3_600_000, 86_400_000),
        (count, unit) => {
          expect(parseDuration(formatDuration(count * unit))).toBe(count * unit);
        },
      ),
    );
  });
});

describe("formatDuration", () => {
  test.each([
    [86_400_000, "24h"],
    [259_200_000, "72h"],
    [604_800_000, "7d"],
    [5_400_000, "1h30m"],
    [1_200_000, "20m"],
    [90_061_000, "1d1h"],
    [42, "42ms"],
    [172_799_000, "48h"],
    [3_599_700, "1h"],
    [7_199_999, "2h"],
    [604_799_999, "7d"],
  ])("%d ms is %s", (ms, text) => {
    expect(formatDuration(ms)).toBe(text);
  });
});

import { expect, test } from "vitest";
import { recurrence } from "./recurrence.js";

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
/** A Tuesday, 02:00 in Berlin. */
const NOW = Date.parse("2025-07-01T00:00:00Z");
const words = (...ago: readonly number[]) =>
  recurrence(
    ago.map((one) => NOW - one),
    NOW,
    "Europe/Berlin",
  );

test("what was never so in four weeks has no history", () => {
  expect([words(), words(40 * DAY), words(-DAY)]).toEqual([null, null, null]);
});

test("counts how often it was so, in a week or else in four", () => {
  expect(words(DAY)).toBe("second time in 7 days, last 24h ago");
  expect(words(2 * DAY + 5 * HOUR, 4 * DAY)).toBe("third time in 7 days, last 53h ago");
  expect(words(9 * DAY)).toBe("second time in 4 weeks, last 9d ago");
  expect(words(...Array.from({ length: 20 }, (_, i) => (i + 1) * 5 * HOUR))).toMatch(/^21st time/);
});

test("names the weekday or the hour where it was always the same", () => {
  expect(words(7 * DAY, 14 * DAY)).toBe("second time in 7 days, always Tuesdays around 02:00");
  expect(words(DAY + 30 * 60_000, 2 * DAY)).toBe("third time in 7 days, always around 02:00");
});

test("a time of day near midnight is near that of the other side", () => {
  const midnight = Date.parse("2025-07-01T22:10:00Z");
  const before = [1, 2].map((days) => midnight - days * DAY - 20 * 60_000);
  expect(recurrence(before, midnight, "Europe/Berlin")).toBe("third time in 7 days, always around 00:10");
});

test("three times in one night are no pattern", () => {
  expect(words(10 * 60_000, 20 * 60_000)).toBe("third time in 7 days, last 10m ago");
});

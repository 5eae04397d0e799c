import { expect, test } from "vitest";
import { formatIn, shortTime } from "./moment.js";

const EVENING = Date.parse("2025-07-01T21:14:00Z");

test("a moment is on the zone's wall clock, with seconds only where there are any", () => {
  expect(formatIn(EVENING, "UTC")).toBe("2025-07-01 21:14");
  expect(formatIn(EVENING + 5000, "Europe/Berlin")).toBe("2025-07-01 23:14:05");
});

test("the year is said where it is another than that of the period's end", () => {
  expect(shortTime("2025-07-01T21:14:05Z", "UTC", EVENING)).toBe("07-01 21:14");
  expect(shortTime("2024-12-31T21:14:05Z", "UTC", EVENING)).toBe("2024-12-31 21:14");
});

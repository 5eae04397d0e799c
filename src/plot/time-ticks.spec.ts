import { describe, expect, test } from "vitest";
import { formatUtc } from "../time/format.js";
import { formatIn } from "../wording/moment.js";
import { timeTicks } from "./time-ticks.js";

const ticks = (from: string, to: string, zone: string, count: number) =>
  timeTicks({ startMs: Date.parse(from), endMs: Date.parse(to) }, zone, count).map(({ timeMs, label }) => [
    formatUtc(timeMs).slice(11, 16),
    ...label,
  ]);

// The pairs are Python's: t.strftime("%H:%M"), t.astimezone(ZoneInfo(zone)).strftime("%H:%M") for each 5 minutes whose
// local time is a whole multiple of the step.
describe("ticks of the time axis", () => {
  test("a day has one every two hours, and the date at midnight", () => {
    const day = ticks("2025-07-01T12:00Z", "2025-07-02T12:00Z", "UTC", 13);
    expect(day).toHaveLength(13);
    expect(day[0]).toEqual(["12:00", "12:00", "2025-07-01"]);
    expect(day[1]).toEqual(["14:00", "14:00"]);
    expect(day[6]).toEqual(["00:00", "00:00", "2025-07-02"]);
  });

  test("the first has no date where midnight is near", () => {
    expect(ticks("2025-07-01T22:00Z", "2025-07-02T22:00Z", "UTC", 13).slice(0, 2)).toEqual([
      ["22:00", "22:00"],
      ["00:00", "00:00", "2025-07-02"],
    ]);
  });

  test("lie on whole hours of the zone's clock, also where it is half an hour off", () => {
    expect(ticks("2025-07-02T00:00Z", "2025-07-02T10:00Z", "Asia/Kolkata", 6)).toEqual([
      ["00:30", "06:00", "2025-07-02"],
      ["02:30", "08:00"],
      ["04:30", "10:00"],
      ["06:30", "12:00"],
      ["08:30", "14:00"],
    ]);
  });

  test("show an hour twice where the clock is set back", () => {
    expect(ticks("2025-10-25T22:00Z", "2025-10-26T02:00Z", "Europe/Berlin", 5)).toEqual([
      ["22:00", "00:00", "2025-10-26"],
      ["23:00", "01:00"],
      ["00:00", "02:00"],
      ["01:00", "02:00"],
      ["02:00", "03:00"],
    ]);
  });

  test("are closer in a short range", () => {
    expect(ticks("2025-07-01T12:00Z", "2025-07-01T12:30Z", "UTC", 13).map(([utc]) => utc)).toEqual([
      "12:00",
      "12:05",
      "12:10",
      "12:15",
      "12:20",
      "12:25",
      "12:30",
    ]);
  });
});

test("a moment is written on the zone's clock", () => {
  expect(formatIn(Date.parse("2025-07-01T21:14:00Z"), "UTC")).toBe("2025-07-01 21:14");
  expect(formatIn(Date.parse("2025-07-01T21:14:05Z"), "America/New_York")).toBe("2025-07-01 17:14:05");
});

import { describe, expect, test } from "vitest";
import { HOUR_MS } from "../time/duration.js";
import { formatUtc } from "../time/format.js";
import { dailyShape, wallClock } from "./daily-shape.js";

describe("wallClock", () => {
  // python3: datetime.fromisoformat(t + "+00:00").astimezone(ZoneInfo(zone)).strftime("%Y-%m-%dT%H:%M")
  test.each([
    ["Europe/Berlin", "2025-03-30T00:59", "2025-03-30T01:59"],
    ["Europe/Berlin", "2025-03-30T01:00", "2025-03-30T03:00"],
    ["America/New_York", "2025-11-02T05:59", "2025-11-02T01:59"],
    ["America/New_York", "2025-11-02T06:00", "2025-11-02T01:00"],
    ["Asia/Kolkata", "2025-07-01T00:10", "2025-07-01T05:40"],
    ["UTC", "2025-07-01T00:10", "2025-07-01T00:10"],
  ])("%s at %s UTC reads %s", (zone, utc, local) => {
    expect(formatUtc(wallClock(zone)(Date.parse(`${utc}Z`))).slice(0, 16)).toBe(local);
  });
});

describe("dailyShape", () => {
  const at = (iso: string, phase = 0) => dailyShape(Date.parse(iso), phase);

  test("a weekend hour is half a unit below the same hour of a weekday", () => {
    // 2025-07-02 is a Wednesday, 2025-07-05 a Saturday.
    expect(at("2025-07-02T15:00Z") - at("2025-07-05T15:00Z")).toBeCloseTo(0.5, 12);
    expect(at("2025-07-02T15:00Z")).toBeCloseTo(at("2025-07-03T15:00Z"), 12);
  });

  test("an aggregator that runs ahead has the broad wave of an hour later", () => {
    // At 05:00 and 11:00 the sharp wave is 0: what is left is sin((hour - 9 + phase) * pi / 12).
    expect(at("2025-07-02T05:00Z", 4)).toBeCloseTo(0, 12);
    expect(at("2025-07-02T11:00Z", 4)).toBeCloseTo(1, 12);
  });

  test("goes round the week without a jump", () => {
    const start = Date.parse("2025-06-30T00:00Z");
    for (let minute = 0; minute < 14 * 24 * 60; minute++) {
      const time = start + minute * 60_000;
      expect(Math.abs(dailyShape(time + 60_000, 0) - dailyShape(time, 0))).toBeLessThan(0.02);
    }
    expect(dailyShape(start - HOUR_MS, 0)).toBeCloseTo(dailyShape(start - HOUR_MS + 7 * 24 * HOUR_MS, 12 * 2), 12);
  });
});

import { describe, expect, test } from "vitest";
import { HOUR_MS } from "../time/duration.js";
import { dailyShape } from "./daily-shape.js";

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

import { describe, expect, test } from "vitest";
import { DAY_MS, HOUR_MS, MINUTE_MS } from "../time/duration.js";
import { earliestStartMs, replayStartMs } from "./replay-start.js";

const HISTORY_MS = 9 * DAY_MS;
const FROM_MS = Date.UTC(2025, 6, 1);

describe("the slot that scoring begins at", () => {
  test.each([MINUTE_MS, 7 * MINUTE_MS, HOUR_MS / 3])(
    "leaves all of the history, a day more at most, on the grid of %i ms",
    (stepMs) => {
      for (let i = 0; i < 300; i++) {
        const fromMs = FROM_MS + i * stepMs;
        const startMs = replayStartMs(`machine=m${i}`, fromMs, HISTORY_MS, stepMs);
        expect(startMs % stepMs).toBe(0);
        expect(startMs).toBeLessThanOrEqual(fromMs - HISTORY_MS);
        expect(startMs).toBeGreaterThan(earliestStartMs(fromMs, HISTORY_MS, stepMs));
      }
    },
  );

  test("changes once a day for each series, and for as many in every hour", () => {
    const changes = new Array<number>(24).fill(0);
    for (let i = 0; i < 2400; i++) {
      const starts = Array.from({ length: 25 }, (_, hour) =>
        replayStartMs(`aggregator=a,machine=n${i}`, FROM_MS + hour * HOUR_MS, HISTORY_MS, MINUTE_MS),
      );
      const changed = starts.slice(1).flatMap((start, hour) => (start === starts[hour] ? [] : [hour]));
      expect(changed).toHaveLength(1);
      changes[changed[0]]++;
    }
    // 100 in the mean; a uniform hash stays within five deviations of 10.
    expect(Math.min(...changes)).toBeGreaterThan(50);
    expect(Math.max(...changes)).toBeLessThan(150);
  });
});

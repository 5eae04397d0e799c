import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { DAY_MS, HOUR_MS, MINUTE_MS } from "../time/duration.js";
import { AlarmLadder, thresholdFor } from "./alarm-ladder.js";
import { alarmMetrics } from "./alarm-metrics.js";

const stepMs = 5 * MINUTE_MS;

function ladderOf(scores: readonly number[], fixed: (i: number) => boolean = () => false) {
  const ladder = new AlarmLadder(stepMs);
  scores.forEach((score, i) => {
    ladder.push(i, i * stepMs, score, fixed(i));
  });
  return [...ladder];
}

describe("AlarmLadder", () => {
  test("holds the alarms that a backtest counts, at every threshold, on any scores", () => {
    const score = fc.oneof(fc.constant(0), fc.double({ min: 0, max: 5, noNaN: true }));
    fc.assert(
      fc.property(fc.array(score, { maxLength: 900 }), fc.integer({ min: 0, max: 64 }), (scores, rung) => {
        const days = ladderOf(scores);
        const label = new Uint8Array(scores.length);
        const series = { stepMs, score: Float64Array.from(scores), label, ignoreSlots: 0 };
        const found = days.reduce((sum, { alarms }) => sum + alarms[rung], 0);
        expect(found).toBe(alarmMetrics(series, 2 ** (-2 + rung / 16)).alarms);
      }),
      { seed: 6 },
    );
  });

  test("days end by the clock, and a silence is an alarm at any threshold", () => {
    const scores = new Array(600).fill(0);
    const days = ladderOf(scores, (i) => i >= 300 && i < 300 + HOUR_MS / stepMs);
    expect(days.map(({ endMs }) => endMs)).toEqual([DAY_MS, 2 * DAY_MS, 3 * DAY_MS]);
    expect(days.map(({ alarms }) => [alarms[0], alarms[192]])).toEqual([
      [0, 0],
      [1, 1],
      [0, 0],
    ]);
  });
});

describe("thresholdFor", () => {
  test("is the lowest threshold that keeps the budget, within a step of 4.4 %", () => {
    const scores = new Array(2000).fill(0.3);
    for (const [k, peak] of [1.5, 2.5, 3.5, 6].entries()) scores[200 + 300 * k] = peak;
    const days = ladderOf(scores);
    for (const [budget, above, below] of [
      [4, 0.3, 0.32],
      [3, 1.5, 1.57],
      [1, 3.5, 3.66],
      [0, 6, 6.3],
    ]) {
      expect(thresholdFor(budget, days)).toBeGreaterThan(above);
      expect(thresholdFor(budget, days)).toBeLessThan(below);
    }
  });
});

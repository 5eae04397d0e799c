import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { AnomalyRecord } from "../records/record.js";
import { HOUR_MS, MINUTE_MS } from "../time/duration.js";
import { agreement, compareAlerts } from "./alert-diff.js";
import type { BacktestInput } from "./backtest-input.js";

const START = Date.UTC(2025, 6, 1);
const SLOTS = 600;

function input(labelled: readonly [number, number][] | null): BacktestInput {
  const label = labelled === null ? null : new Uint8Array(SLOTS);
  for (const [from, until] of labelled ?? []) label?.fill(1, from, until);
  const series = { name: "s", labels: {}, startMs: START, stepMs: MINUTE_MS, values: new Float64Array(SLOTS) };
  return { name: "s", series, label };
}

/** An episode in minutes after the start. */
const episode = (from: number, until: number, score = 2) =>
  ({
    start: new Date(START + from * MINUTE_MS).toISOString(),
    end: new Date(START + until * MINUTE_MS).toISOString(),
    score,
  }) as AnomalyRecord;

const minutes = (iso: string) => (Date.parse(iso) - START) / MINUTE_MS;

describe("alerts of several detectors beside each other", () => {
  test("what overlaps or is near is one alert with the score of each; what is far is another", () => {
    const alerts = compareAlerts(
      [input(null)],
      [[[episode(10, 20, 3), episode(200, 210)]], [[episode(15, 30, 1.5), episode(35, 40, 4)]]],
      10 * MINUTE_MS,
    );
    expect(alerts.map(({ start, end, scores }) => [minutes(start), minutes(end), scores])).toEqual([
      [10, 40, [3, 4]],
      [200, 210, [2, null]],
    ]);
    expect(alerts.map(({ labelled }) => labelled)).toEqual([null, null]);
    expect(agreement(alerts, 0, 1)).toEqual({ both: 1, onlyFirst: 1, onlySecond: 0 });
  });

  test("an alert is an event's when a labelled slot is in it, or shortly before it", () => {
    const one = input([[100, 105]]);
    const labelledAt = (from: number) =>
      compareAlerts([one], [[[episode(from, from + 5)]]], 10 * MINUTE_MS).map(({ labelled }) => labelled);
    expect([94, 96, 104, 114, 115].map((from) => labelledAt(from)[0])).toEqual([false, true, true, true, false]);
  });

  test("every episode is in exactly one alert of its series, and alerts are apart", () => {
    const span = fc
      .tuple(fc.integer({ min: 0, max: 500 }), fc.integer({ min: 1, max: 60 }))
      .map(([from, length]) => episode(from, from + length, 1 + length));
    const detector = fc.tuple(fc.array(span, { maxLength: 8 }), fc.array(span, { maxLength: 8 }));
    fc.assert(
      fc.property(fc.array(detector, { minLength: 1, maxLength: 3 }), (found) => {
        const inputs = [input(null), { ...input(null), name: "t" }];
        const alerts = compareAlerts(inputs, found, HOUR_MS / 4);
        inputs.forEach(({ name }, i) => {
          const own = alerts.filter(({ series }) => series === name);
          own.slice(1).forEach(({ start }, k) => {
            expect(Date.parse(start)).toBeGreaterThan(Date.parse(own[k].end) + HOUR_MS / 4);
          });
          found.forEach((byInput, d) => {
            for (const { start, end, score } of byInput[i]) {
              const holding = own.filter(
                (alert) => Date.parse(alert.start) <= Date.parse(start) && Date.parse(alert.end) >= Date.parse(end),
              );
              expect(holding).toHaveLength(1);
              expect(holding[0].scores[d]).toBeGreaterThanOrEqual(score);
            }
          });
          const silent = own.flatMap(({ scores }) => scores).filter((score) => score !== null && score <= 1);
          expect(silent).toEqual([]);
        });
      }),
      { seed: 8 },
    );
  });
});

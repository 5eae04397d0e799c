import { describe, expect, test } from "vitest";
import type { Series } from "../series/series.js";
import { DAY_MS, HOUR_MS } from "../time/duration.js";
import { MAX_CONTEXT_POINTS, recordContext } from "./record-context.js";

const T0 = Date.UTC(2025, 6, 1);
/** Each slot holds its own number, so that a wrong offset shows. */
function counting(stepMs: number, days: number): Series {
  const values = Float64Array.from({ length: (days * DAY_MS) / stepMs }, (_, i) => i);
  return { name: "s", labels: {}, startMs: T0, stepMs, values };
}

describe("recordContext", () => {
  test("puts each slot beside the same time 24 and 72 hours before", () => {
    const context = recordContext(
      counting(HOUR_MS, 5),
      { startMs: T0 + 4 * DAY_MS, endMs: T0 + 4 * DAY_MS + 3 * HOUR_MS },
      undefined,
    );
    expect(context).toEqual({
      start: "2025-07-05T00:00:00Z",
      step_s: 3600,
      observed: [96, 97, 98],
      expected: [null, null, null],
      lower: [null, null, null],
      upper: [null, null, null],
      lag_24h: [72, 73, 74],
      lag_72h: [24, 25, 26],
    });
  });

  test("has null where the series does not reach or holds nothing, and 6 significant digits", () => {
    const series = { ...counting(HOUR_MS, 1), values: Float64Array.of(1.23456789, Number.NaN, 123456789) };
    const context = recordContext(series, { startMs: T0 - HOUR_MS, endMs: T0 + 4 * HOUR_MS }, undefined);
    expect(context.observed).toEqual([null, 1.23457, null, 123457000, null]);
    expect(context.lag_24h).toEqual([null, null, null, null, null]);
  });

  test("takes the band it is given", () => {
    const band = {
      expected: Float64Array.of(1, 2),
      lower: Float64Array.of(0, Number.NaN),
      upper: Float64Array.of(3, 4),
    };
    const context = recordContext(counting(HOUR_MS, 1), { startMs: T0, endMs: T0 + 2 * HOUR_MS }, band);
    expect([context.expected, context.lower, context.upper]).toEqual([
      [1, 2],
      [0, null],
      [3, 4],
    ]);
  });

  test("keeps a day of minutes as it is, and loses no spike, drop or gap where slots are merged", () => {
    const minutes = counting(60_000, 1);
    expect(recordContext(minutes, { startMs: T0, endMs: T0 + DAY_MS }, undefined).observed).toHaveLength(1440);

    const seconds = { ...counting(10_000, 1), values: new Float64Array(8640).fill(5) };
    seconds.values[1001] = 80;
    seconds.values[3333] = 0;
    seconds.values.fill(Number.NaN, 6000, 6060);
    const context = recordContext(seconds, { startMs: T0, endMs: T0 + DAY_MS }, undefined);
    expect(context.observed.length).toBeLessThanOrEqual(MAX_CONTEXT_POINTS);
    expect(context.step_s * context.observed.length).toBe(86_400);
    const perPoint = context.step_s / 10;
    expect(context.observed[Math.floor(1001 / perPoint)]).toBe(80);
    expect(context.observed[Math.floor(3333 / perPoint)]).toBe(0);
    expect(context.observed.filter((value) => value === null)).toHaveLength(60 / perPoint);
  });
});

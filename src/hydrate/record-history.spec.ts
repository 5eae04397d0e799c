import { describe, expect, test } from "vitest";
import { HOUR_MS, MINUTE_MS } from "../time/duration.js";
import { HISTORY_MS, recordHistory } from "./record-history.js";
import { committedFleet } from "./testing/fleet-source.js";

const T0 = Date.parse("2025-07-01T00:00:00Z");
const part = (startMs: number, stepMs: number, values: number[]) => ({
  name: "s",
  labels: {},
  startMs,
  stepMs,
  values: Float64Array.from(values),
});

describe("the history of a record", () => {
  test("has pandas' hourly extent and median of the same series", () => {
    // w = s[(s.index >= "2025-06-17 23:00") & (s.index < "2025-07-02 23:40")].resample("1h"); w.min(), w.median(), w.max()
    // of data/fleet, client_presence_hour, n201: rows 0, 200, 348 (11:00 of the spike's day) and 360; '%.4g'
    const series = committedFleet().find(
      ({ labels }) =>
        labels["machine"] === "n201-primary-example-com" && labels["aggregator"] === "client_presence_hour",
    )!;
    const endMs = Date.parse("2025-07-02T23:40:00Z");
    const history = recordHistory([series], { startMs: endMs - HISTORY_MS - 24 * HOUR_MS, endMs });
    expect([history.start, history.step_s, history.median.length]).toEqual(["2025-06-17T23:00:00Z", 3600, 361]);
    const row = (i: number) => [history.low[i], history.median[i], history.high[i]];
    expect([row(0), row(200), row(348), row(360)]).toEqual([
      [0.01433, 0.01564, 0.01735],
      [0.01813, 0.0183, 0.01969],
      [0.02229, 0.02267, 0.1013],
      [0.01715, 0.01728, 0.01741],
    ]);
  });

  test.each([
    ["no part", [], [null, null]],
    ["nothing but NaN", [part(T0, HOUR_MS, [Number.NaN, Number.NaN])], [null, null]],
    ["a part that ends before", [part(T0 - 5 * HOUR_MS, HOUR_MS, [1, 2])], [null, null]],
    ["a part that begins later", [part(T0 + HOUR_MS, HOUR_MS, [7, 8, 9])], [null, 7]],
  ])("of %s is null where there is no value", (_, parts, median) => {
    expect(recordHistory(parts, { startMs: T0, endMs: T0 + 2 * HOUR_MS }).median).toEqual(median);
  });

  test("takes the slots of a coarse archive for each hour that they cover, and fine ones as they are", () => {
    const history = recordHistory([part(T0, 2 * HOUR_MS, [5]), part(T0 + 2 * HOUR_MS, 30 * MINUTE_MS, [1, 3, 4, 9])], {
      startMs: T0,
      endMs: T0 + 4 * HOUR_MS,
    });
    expect(history).toMatchObject({ low: [5, 5, 1, 4], median: [5, 5, 2, 6.5], high: [5, 5, 3, 9] });
  });

  test("of a series with a step of a day has slots of a day", () => {
    const history = recordHistory([part(T0, 24 * HOUR_MS, [1, 2, 3])], { startMs: T0, endMs: T0 + 72 * HOUR_MS });
    expect(history).toMatchObject({ step_s: 86_400, median: [1, 2, 3] });
  });
});

import { expect, test } from "vitest";
import type { Series } from "../series/series.js";
import { slice } from "../series/slice.js";
import { rateSource } from "./rate-source.js";
import type { SeriesSource } from "./source.js";

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;

/** A counter that rises by 6 a minute and is reset at minute 90; it answers any range on its own step. */
const counter: Series = {
  name: "requests",
  labels: { machine: "a", aggregator: "requests" },
  startMs: 0,
  stepMs: MINUTE_MS,
  values: Float64Array.from({ length: 240 }, (_, i) => 6 * (i < 90 ? i : i - 90)),
};
const source: SeriesSource = {
  kind: "test",
  fetch: async (_, range) => ({ series: [slice(counter, range)], problems: [], notes: [] }),
};
const targets = [{ expression: "requests", labels: {} }];

test("rates are averaged to the step wanted, from the range's first slot on and through a reset", async () => {
  const { series } = await rateSource(source).fetch(
    { targets, stepMs: 10 * MINUTE_MS },
    { startMs: HOUR_MS, endMs: 2 * HOUR_MS },
  );
  expect([series[0].startMs, series[0].stepMs]).toEqual([HOUR_MS, 10 * MINUTE_MS]);
  // 0.1 a second; in the minute of the reset the counter stands at 0 and has counted nothing.
  expect([...series[0].values].map((rate) => Number(rate.toFixed(6)))).toEqual([0.1, 0.1, 0.1, 0.09, 0.1, 0.1]);
});

test("a finer step than the counter has is a failure that names both", async () => {
  const { series, problems } = await rateSource(source).fetch(
    { targets, stepMs: 30_000 },
    { startMs: 0, endMs: HOUR_MS },
  );
  expect(series).toEqual([]);
  expect(problems).toMatchObject([{ kind: "failed", reason: expect.stringMatching(/step of 1m.*30s/) }]);
});

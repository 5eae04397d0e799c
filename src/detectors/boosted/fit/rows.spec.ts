import { describe, expect, test } from "vitest";
import { storeInMemory } from "../../../shelf/stored-series.js";
import { DAY_MS, MINUTE_MS } from "../../../time/duration.js";
import { wave } from "../../testing/wave.js";
import { prepare, sourceOf } from "../../trained/scaled-history.js";
import { joined, rowsOf, type SeriesRows } from "./rows.js";

const STEP_MS = 20 * MINUTE_MS;
const { source } = sourceOf(
  [1, 2].map((seed) => storeInMemory(wave(20, seed, STEP_MS))),
  { timezone: "UTC", seed: 1 },
);
const prepared = source.series.map((series) => prepare(source, series));
const LAGS = [DAY_MS];
/** Behind four features and the lag: hour and weekday. */
const HOUR = 5;

function drawn(mostFitted: number, mostLater: number, seed = 1): SeriesRows[] {
  return rowsOf({ source, prepared, lagsMs: LAGS, seed, mostFitted, mostLater }, { from: 0, until: 2 });
}

describe("rowsOf", () => {
  test("takes all slots but those of the first day where there are few", () => {
    const [{ fitted, later }] = drawn(10_000, 10_000);
    expect(fitted.targets).toHaveLength((15 * DAY_MS) / STEP_MS);
    expect(later.targets).toHaveLength((4 * DAY_MS) / STEP_MS);
  });

  test("draws as many as wanted otherwise, the same ones for a seed, and at all hours", () => {
    // One slot a day, and an even stride would be one hour of it.
    const rows = drawn(15, 4);
    expect(rows[0].fitted.targets).toHaveLength(15);
    expect(rows[0].later.targets).toHaveLength(4);
    expect(new Set(rows[0].fitted.columns[HOUR]).size).toBeGreaterThan(8);
    expect(drawn(15, 4)).toEqual(rows);
    expect(drawn(15, 4, 7)).not.toEqual(rows);
    expect(rows[1].fitted.columns[HOUR]).not.toEqual(rows[0].fitted.columns[HOUR]);
  });

  test("of a thousandfold series are the same to single precision", () => {
    const scaled = source.series.map((_, i) => {
      const { values, ...rest } = wave(20, i + 1, STEP_MS);
      return storeInMemory({ ...rest, values: values.map((value) => 1000 * value) });
    });
    const large = { ...source, series: scaled };
    const plan = { source: large, prepared: scaled.map((one) => prepare(large, one)), lagsMs: LAGS, seed: 1 };
    const [{ fitted }] = rowsOf({ ...plan, mostFitted: 50, mostLater: 0 }, { from: 0, until: 1 });
    const [{ fitted: own }] = drawn(50, 0);
    fitted.targets.forEach((target, i) => {
      expect(target).toBeCloseTo(own.targets[i], 5);
    });
  });

  test("joined are one behind the other", () => {
    const rows = drawn(20, 5).map(({ later }) => later);
    const { columns, targets } = joined(rows, 7);
    expect([...targets]).toEqual([...rows[0].targets, ...rows[1].targets]);
    expect([...columns[HOUR]]).toEqual([...rows[0].columns[HOUR], ...rows[1].columns[HOUR]]);
  });
});

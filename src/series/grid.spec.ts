import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { exclude } from "./exclude.js";
import { slotCount, slotStart, toGrid } from "./grid.js";
import { resample } from "./resample.js";
import type { Series } from "./series.js";
import { slice } from "./slice.js";

const MINUTE = 60_000;
const START = 1_751_328_000_000; // 2025-07-01T00:00:00Z, a multiple of every step below
const series = (values: readonly number[], startMs = START, stepMs = MINUTE): Series => ({
  name: "s",
  labels: { machine: "m" },
  startMs,
  stepMs,
  values: Float64Array.from(values),
});
const NAN = Number.NaN;

describe("toGrid", () => {
  test("averages what falls into one slot, as pandas' resample does", () => {
    /* pd.Series([1,2,nan,4,5,6,8,nan], index=pd.to_datetime(np.array([5,20,59.5,60,130,240,241,299])+1751328000,
         unit="s")).resample("1min").mean() */
    const times = Float64Array.of(5, 20, 59.5, 60, 130, 240, 241, 299).map((s) => START + s * 1000);
    const grid = toGrid({ times, values: Float64Array.of(1, 2, NAN, 4, 5, 6, 8, NAN) }, MINUTE);
    expect([...grid.values]).toEqual([1.5, 4, 5, NAN, 7]);
    expect(grid).toMatchObject({ startMs: START, offGrid: 6, averaged: 4 });
  });

  test("is the plain mean of each slot for any times", () => {
    const point = fc.tuple(
      fc.integer({ min: 0, max: 40_000 }),
      fc.option(fc.integer({ min: -9, max: 9 }), { nil: NAN }),
    );
    fc.assert(
      fc.property(fc.uniqueArray(point, { minLength: 1, maxLength: 60, selector: ([t]) => t }), (points) => {
        const sorted = points.sort(([a], [b]) => a - b);
        const grid = toGrid(
          { times: Float64Array.from(sorted, ([t]) => t), values: Float64Array.from(sorted, ([, v]) => v) },
          1000,
        );
        grid.values.forEach((value, slot) => {
          const from = grid.startMs + slot * 1000;
          const inSlot = sorted.filter(([t, v]) => t >= from && t < from + 1000 && !Number.isNaN(v)).map(([, v]) => v);
          if (inSlot.length === 0) expect(value).toBeNaN();
          else expect(value).toBeCloseTo(inSlot.reduce((a, b) => a + b, 0) / inSlot.length, 12);
        });
        expect(grid.values.length).toBe(
          slotCount({ times: Float64Array.from(sorted, ([t]) => t), values: grid.values }, 1000),
        );
      }),
      { seed: 6 },
    );
  });

  test("no points are no slots, one point is one", () => {
    expect(toGrid({ times: new Float64Array(0), values: new Float64Array(0) }, MINUTE).values).toHaveLength(0);
    const one = toGrid({ times: Float64Array.of(START + 7), values: Float64Array.of(3) }, MINUTE);
    expect([one.startMs, ...one.values]).toEqual([START, 3]);
    expect(slotStart(-1, MINUTE)).toBe(-MINUTE);
  });
});

describe("resample", () => {
  /* s = pd.Series([1,2,nan,4,5.5,nan,nan,8,nan,10], index=pd.to_datetime(np.arange(10)*60+1751328120, unit="s"))
     s.resample("5min").mean(); s.resample("3min").mean() */
  const values = [1, 2, NAN, 4, 5.5, NAN, NAN, 8, NAN, 10];

  test.each([
    [5, [1.5, 5.833333333333333, 10]],
    [3, [1, 3, 5.5, 9]],
  ])("to %i minutes gives pandas' means", (minutes, expected) => {
    const coarse = resample(series(values, START + 2 * MINUTE), minutes * MINUTE);
    expect([coarse.startMs, coarse.stepMs]).toEqual([START, minutes * MINUTE]);
    expect([...coarse.values]).toEqual(expected);
  });

  test("a slot without values stays missing, the same step is the same series, a finer one is refused", () => {
    expect([...resample(series([NAN, NAN, 1, NAN]), 2 * MINUTE).values]).toEqual([NAN, 1]);
    const same = series([1]);
    expect(resample(same, MINUTE)).toBe(same);
    expect(() => resample(same, 1000)).toThrow(RangeError);
    expect(resample(series([]), 2 * MINUTE).values).toHaveLength(0);
  });
});

describe("slice", () => {
  test.each<[string, number, number, readonly number[]]>([
    ["inside", 1, 3, [2, 3]],
    ["all of it", 0, 4, [1, 2, 3, 4]],
    ["over both ends", -2, 6, [NAN, NAN, 1, 2, 3, 4, NAN, NAN]],
    ["before it", -3, -1, [NAN, NAN]],
    ["after it", 5, 7, [NAN, NAN]],
    ["nothing", 2, 2, []],
    ["backwards", 3, 1, []],
    ["ends between slots", 0.5, 2.5, [2, 3]],
  ])("%s", (_, from, to, expected) => {
    const cut = slice(series([1, 2, 3, 4]), { startMs: START + from * MINUTE, endMs: START + to * MINUTE });
    expect([...cut.values]).toEqual(expected);
    expect(cut.startMs).toBe(START + Math.ceil(from) * MINUTE);
  });

  test("is a copy", () => {
    const whole = series([1, 2]);
    slice(whole, { startMs: START, endMs: START + 2 * MINUTE }).values[0] = 9;
    expect(whole.values[0]).toBe(1);
  });
});

describe("exclude", () => {
  const range = (from: number, to: number) => ({ startMs: START + from * MINUTE, endMs: START + to * MINUTE });

  test.each<[string, number, number, readonly number[]]>([
    ["whole slots", 1, 3, [1, NAN, NAN, 4]],
    ["slots that it only touches", 1.5, 2.1, [1, NAN, NAN, 4]],
    ["beyond the ends", -5, 1, [NAN, 2, 3, 4]],
    ["nothing", 2, 2, [1, 2, 3, 4]],
    ["elsewhere", 9, 12, [1, 2, 3, 4]],
  ])("%s", (_, from, to, expected) => {
    const whole = series([1, 2, 3, 4]);
    expect([...exclude(whole, [range(from, to)]).values]).toEqual(expected);
    expect([...whole.values]).toEqual([1, 2, 3, 4]);
  });

  test("several ranges; without an overlap the series itself", () => {
    const whole = series([1, 2, 3, 4]);
    expect([...exclude(whole, [range(0, 1), range(3, 4)]).values]).toEqual([NAN, 2, 3, NAN]);
    expect(exclude(whole, [])).toBe(whole);
  });
});

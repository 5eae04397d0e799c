import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { SortedWindow } from "./sorted-window.js";

const value = fc.oneof(
  fc.double({ min: -1e6, max: 1e6, noNaN: true }),
  fc.constant(Number.NaN),
  fc.constantFrom(0, 1, 1),
);

function plainMedian(values: readonly number[]): number {
  const sorted = values.filter((v) => v === v).sort((a, b) => a - b);
  const half = sorted.length >> 1;
  if (sorted.length === 0) return Number.NaN;
  return sorted.length & 1 ? sorted[half] : (sorted[half - 1] + sorted[half]) / 2;
}

describe("SortedWindow", () => {
  test("is the median of the newest values, gaps skipped, for any values and window", () => {
    fc.assert(
      fc.property(fc.array(value, { maxLength: 200 }), fc.integer({ min: 1, max: 90 }), (values, slots) => {
        const window = new SortedWindow(slots);
        values.forEach((v, i) => {
          window.push(v);
          const newest = values.slice(Math.max(0, i + 1 - slots), i + 1);
          const known = newest.filter((x) => x === x).length;
          expect(window.median() + 0).toBe(known < 2 ? Number.NaN : plainMedian(newest) + 0);
        });
      }),
    );
  });

  // np.quantile([3, 1, 4, 1, 5, 9, 2, 6], q)
  test.each([
    [0, 1],
    [0.05, 1],
    [0.1, 1],
    [0.5, 3.5],
    [0.9, 6.9],
    [0.975, 8.475],
    [1, 9],
  ])("has the quantile %d of numpy", (q, expected) => {
    const window = new SortedWindow(8);
    for (const v of [100, 3, 1, 4, 1, 5, 9, 2, 6]) window.push(v);
    expect(window.quantile(q)).toBeCloseTo(expected, 12);
    expect(new SortedWindow(8).quantile(q)).toBeNaN();
  });

  test("has the median absolute deviation of the newest values, for any values and window", () => {
    fc.assert(
      fc.property(fc.array(value, { maxLength: 120 }), fc.integer({ min: 1, max: 40 }), (values, slots) => {
        const window = new SortedWindow(slots);
        values.forEach((v, i) => {
          window.push(v);
          const newest = values.slice(Math.max(0, i + 1 - slots), i + 1).filter((x) => x === x);
          const off = newest.map((x) => Math.abs(x - plainMedian(newest)));
          if (newest.length < 2) expect(window.medianDeviation()).toBeNaN();
          else expect(window.medianDeviation()).toBeCloseTo(plainMedian(off), 6);
          const fromOne = newest.map((x) => Math.abs(x - 1));
          if (newest.length > 1) expect(window.medianDeviationFrom(1)).toBeCloseTo(plainMedian(fromOne), 6);
        });
      }),
    );
  });
});

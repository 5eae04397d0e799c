import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { contextStatistics } from "./context-statistics.js";

const NONE = { max: null, avg: null, min: null, p50: null, p95: null };

describe("contextStatistics", () => {
  test.each([
    ["empty", [], { ...NONE, validShare: 0 }],
    ["all NaN", [Number.NaN, Number.NaN], { ...NONE, validShare: 0 }],
    ["one point", [3], { max: 3, avg: 3, min: 3, p50: 3, p95: 3, validShare: 1 }],
    ["constant", [2, 2, 2, 2], { max: 2, avg: 2, min: 2, p50: 2, p95: 2, validShare: 1 }],
    ["infinite", [Number.POSITIVE_INFINITY, 1], { max: 1, avg: 1, min: 1, p50: 1, p95: 1, validShare: 0.5 }],
  ])("%s", (_, values, expected) => {
    expect(contextStatistics(Float64Array.from(values))).toEqual(expected);
  });

  test("gives numpy's figures of values with gaps and one spike", () => {
    // x = np.array([0.31,0.02,nan,0.07,0.07,1.5,0.04,nan,0.01]); v = x[~np.isnan(x)]
    // v.max(), v.mean(), v.min(), np.quantile(v,.5), np.quantile(v,.95), len(v)/len(x)
    const figures = contextStatistics(Float64Array.of(0.31, 0.02, Number.NaN, 0.07, 0.07, 1.5, 0.04, Number.NaN, 0.01));
    expect(figures.max).toBe(1.5);
    expect(figures.avg).toBeCloseTo(0.28857142857142853, 14);
    expect(figures.min).toBe(0.01);
    expect(figures.p50).toBe(0.07);
    expect(figures.p95).toBeCloseTo(1.1429999999999991, 14);
    expect(figures.validShare).toBeCloseTo(0.7777777777777778, 15);
  });

  test("does not depend on the order of the slots and changes nothing", () => {
    fc.assert(
      fc.property(fc.array(fc.oneof(fc.double({ min: -1e6, max: 1e6 }), fc.constant(Number.NaN))), (values) => {
        const slots = Float64Array.from(values);
        const before = Float64Array.from(values);
        const figures = contextStatistics(slots);
        expect(slots).toEqual(before);
        expect(contextStatistics(slots.toReversed())).toEqual(figures);
      }),
    );
  });
});

import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { quantile, quantileInPlace, quantileSorted, sortedFinite } from "./quantile.js";

describe("quantile", () => {
  test("equals numpy's default (type 7)", () => {
    // numpy: x = [3, 1, 4, 1.5, 9, 2.6, 5.3, 5.8, 9.7, 9.3]; [np.quantile(x, p) for p in (0, .1, .25, .5, .9, 1)]
    const x = [3, 1, 4, 1.5, 9, 2.6, 5.3, 5.8, 9.7, 9.3];
    const expected = [1, 1.45, 2.7, 4.65, 9.34, 9.7];
    [0, 0.1, 0.25, 0.5, 0.9, 1].forEach((p, i) => {
      expect(quantile(x, p)).toBeCloseTo(expected[i], 12);
    });
  });

  test("skips NaN and infinities, and is NaN for nothing", () => {
    expect(quantile([Number.NaN, 1, Number.POSITIVE_INFINITY, 3], 0.5)).toBe(2);
    expect(quantile([], 0.5)).toBeNaN();
    expect(quantile([Number.NaN], 0.5)).toBeNaN();
  });

  test("does not change its input", () => {
    const input = Float64Array.of(3, 1, 2);
    sortedFinite(input);
    expect([...input]).toEqual([3, 1, 2]);
  });

  test("grows with p and stays between the extremes", () => {
    const finite = fc.double({ noNaN: true, noDefaultInfinity: true, min: -1e12, max: 1e12 });
    fc.assert(
      fc.property(fc.array(finite, { minLength: 1 }), fc.double({ min: 0, max: 1, noNaN: true }), (values, p) => {
        const sorted = sortedFinite(values);
        const q = quantileSorted(sorted, p);
        expect(q).toBeGreaterThanOrEqual(sorted[0]);
        expect(q).toBeLessThanOrEqual(sorted[sorted.length - 1]);
        expect(quantileSorted(sorted, p / 2)).toBeLessThanOrEqual(q);
      }),
    );
  });

  test("is the same in place, without sorting", () => {
    const value = fc.oneof(fc.double(), fc.integer({ min: -3, max: 3 }));
    fc.assert(
      fc.property(fc.array(value, { maxLength: 60 }), fc.double({ min: 0, max: 1, noNaN: true }), (values, p) => {
        expect(quantileInPlace(Float64Array.from(values), p) + 0).toBe(quantile(values, p) + 0);
      }),
    );
  });
});

import { interquartileRange, medianAbsoluteDeviation, standardDeviation } from "simple-statistics";
import { describe, expect, test } from "vitest";
import { robustScale } from "./robust-scale.js";

describe("robustScale", () => {
  test("is the median and scipy's normal-scaled median absolute deviation", () => {
    // x = [3, 1, 4, 1.5, 9, 2.6, 5.3, 5.8, 9.7, 9.3]; np.median(x); scipy.stats.median_abs_deviation(x, scale="normal")
    const { location, spread } = robustScale([3, 1, 4, 1.5, 9, 2.6, 5.3, 5.8, 9.7, 9.3]);
    expect(location).toBeCloseTo(4.65, 12);
    expect(spread).toBeCloseTo(3.8547657681145657, 12);
  });

  test("falls back to the interquartile range where more than half of the values are equal", () => {
    // z = [0]*6 + [1, 2, 3, 10]; MAD is 0; scipy.stats.iqr(z) / 1.3489795003921634
    expect(robustScale([0, 0, 0, 0, 0, 0, 1, 2, 3, 10]).spread).toBeCloseTo(1.2972769411924017, 12);
  });

  test.each([
    ["no values", [], Number.NaN, Number.NaN],
    ["only NaN", [Number.NaN, Number.NaN], Number.NaN, Number.NaN],
    ["one point", [7], 7, 0],
    ["constant", [5, 5, 5, 5], 5, 0],
  ])("%s", (_, values, location, spread) => {
    expect(robustScale(values)).toEqual({ location, spread });
  });

  test("one wild value in a constant series gives simple-statistics' standard deviation", () => {
    const values = new Float64Array(1000).fill(1);
    values[500] = 2;
    expect(medianAbsoluteDeviation([...values])).toBe(0);
    expect(interquartileRange([...values])).toBe(0);
    expect(robustScale(values).spread).toBeCloseTo(standardDeviation([...values]), 12);
  });

  test("a quarter of wild values does not move it far", () => {
    const calm = Float64Array.from({ length: 300 }, (_, i) => Math.sin(i));
    const wild = Float64Array.from(calm, (value, i) => (i % 4 === 0 ? 1e9 : value));
    expect(Math.abs(robustScale(wild).location - robustScale(calm).location)).toBeLessThan(1);
    expect(robustScale(wild).spread).toBeLessThan(3 * robustScale(calm).spread);
  });
});

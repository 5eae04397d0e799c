import { describe, expect, test } from "vitest";
import { boundedValue, cappedScore, LARGEST_SCORE, resolutionOf } from "./finite.js";

describe("cappedScore", () => {
  test.each([
    [0.5, 0.5],
    [LARGEST_SCORE + 1, LARGEST_SCORE],
    [Number.POSITIVE_INFINITY, LARGEST_SCORE],
    [Number.NaN, Number.NaN],
  ])("%d is %d", (score, expected) => {
    expect(cappedScore(score)).toBe(expected);
  });
});

describe("boundedValue", () => {
  test.each([
    [-3.25, -3.25],
    [Number.POSITIVE_INFINITY, Number.NaN],
    [Number.NaN, Number.NaN],
  ])("%d is %d", (value, expected) => {
    expect(boundedValue(value)).toBe(expected);
  });

  test("the difference of the largest two is finite, and so is the sum of a day of minutes", () => {
    const [high, low] = [boundedValue(Number.MAX_VALUE), boundedValue(-Number.MAX_VALUE)];
    expect(Number.isFinite((high - low) * 1440)).toBe(true);
  });
});

describe("resolutionOf", () => {
  test("is more than the distance to the next double and less than a billionth", () => {
    for (const value of [42, -1e12, 1e-200, 1e300]) {
      expect(value + resolutionOf(value)).not.toBe(value);
      expect(resolutionOf(value)).toBeLessThan(1e-9 * Math.abs(value));
    }
    expect(resolutionOf(0)).toBeGreaterThan(0);
  });
});

import fc from "fast-check";
import { median as reference } from "simple-statistics";
import { expect, test } from "vitest";
import { median } from "./median.js";

test("equals simple-statistics for odd and even numbers of values", () => {
  fc.assert(
    fc.property(fc.array(fc.double({ min: -1e6, max: 1e6, noNaN: true }), { minLength: 1 }), (values) => {
      expect(median(values)).toBeCloseTo(reference(values), 6);
    }),
  );
});

test.each([
  [[], Number.NaN],
  [[Number.NaN], Number.NaN],
  [[5], 5],
  [[1, 3], 2],
  [[3, Number.NaN, 1, 100], 3],
])("%j has %d", (values, expected) => {
  expect(median(values)).toBe(expected);
});

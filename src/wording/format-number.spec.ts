import { expect, test } from "vitest";
import { formatNumber } from "./format-number.js";

test.each([
  [0, "0"],
  [12.345, "12.3"],
  [123_456, "123000"],
  [1_234_567, "1.23e+6"],
  [0.000123, "0.000123"],
  [0.0000123, "1.23e-5"],
  [-42, "-42"],
])("%d is %s", (value, words) => {
  expect(formatNumber(value)).toBe(words);
});

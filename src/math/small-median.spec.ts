import { expect, test } from "vitest";
import { smallMedian } from "./small-median.js";

test.each([
  ["the middle one of an odd number", [5, 1, 3, 9], 3, 3],
  ["half-way between the two in the middle of an even number", [5, 1, 3, 9], 4, 4],
  ["the only one", [5, 1], 1, 5],
  ["nothing of nothing", [5, 1], 0, Number.NaN],
])("the median of the first values is %s", (_, values, n, median) => {
  expect(smallMedian(Float64Array.from(values), n)).toBe(median);
});

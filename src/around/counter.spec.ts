import { expect, test } from "vitest";
import { increases, isCounter } from "./counter.js";

const NONE = Number.NaN;
const of = (...values: readonly number[]) => Float64Array.from(values);

test.each([
  ["a counter", [of(1, 2, 4, 4, 9)], true],
  ["a counter that began again once", [of(1, 2, 4, 0, 3, 5)], true],
  ["a gauge", [of(1, 3, 2, 5, 1, 4)], false],
  ["a constant", [of(3, 3, 3)], false],
  ["a setting that was raised once", [of(3, 3, 3, 3, 3, 3, 3, 4, 4)], false],
  ["nothing", [of(NONE, NONE)], false],
])("%s", (_, days, expected) => {
  expect(isCounter(days)).toBe(expected);
});

test("increases are a slot's own, the mean over a gap, and all of the value after a restart", () => {
  expect(increases(of(5, 7, NONE, 11, 2))).toEqual(of(NONE, 2, NONE, 2, 2));
});

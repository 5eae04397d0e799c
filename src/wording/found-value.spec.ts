import fc from "fast-check";
import { expect, test } from "vitest";
import { foundValue } from "./found-value.js";

test("numbers are shown as they are, also those that JSON has no word for", () => {
  expect([5, Number.NaN, -1.5].map(foundValue)).toEqual(["5", "NaN", "-1.5"]);
});

test("text has its quotes, and what is missing says so", () => {
  expect(["x", undefined, null].map(foundValue)).toEqual(['"x"', "nothing", "null"]);
});

test("an object that brings its own toString is shown, not called", () => {
  expect(foundValue(JSON.parse('{"toString":{},"valueOf":1}'))).toBe('{"toString":{},"valueOf":1}');
});

test("whatever JSON can hold is shown in at most 61 characters", () => {
  fc.assert(
    fc.property(fc.jsonValue(), (value) => {
      const shown = foundValue(value);
      expect(shown.length).toBeGreaterThan(0);
      expect(shown.length).toBeLessThanOrEqual(61);
    }),
  );
});

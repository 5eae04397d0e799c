import { expect, test } from "vitest";
import { percent } from "./percent.js";

test.each([
  [0, "0 %"],
  [0.0004, "< 0.1 %"],
  [0.042, "4.2 %"],
  [0.1, "10 %"],
  [0.573, "57 %"],
  [0.9861, "98.6 %"],
  [0.9999, "> 99.9 %"],
  [1, "100 %"],
  [null, "–"],
  [Number.NaN, "–"],
])("%s is %s", (share, words) => {
  expect(percent(share)).toBe(words);
});

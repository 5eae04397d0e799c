import { expect, test } from "vitest";
import { count, thousands } from "./count.js";

test.each([
  [0, "row", "0 rows"],
  [1, "row", "1 row"],
  [12_345, "row", "12,345 rows"],
  [1, "series", "1 series"],
  [2, "series", "2 series"],
])("%d of %s is %s", (n, one, words) => {
  expect(count(n, one)).toBe(words);
});

test("an irregular plural can be given", () => {
  expect(count(2, "query", "queries")).toBe("2 queries");
});

test("thousands equal those of the English locale", () => {
  for (const n of [0, 7, 999, 1000, 123_456, 1_234_567, -1234, 1e15])
    expect(thousands(n)).toBe(n.toLocaleString("en-US"));
  expect(thousands(1999.9)).toBe("1,999");
});

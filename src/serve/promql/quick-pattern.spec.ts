import { expect, test } from "vitest";
import { isQuick } from "./quick-pattern.js";

test.each(["web1", "web.*", "a|b.*", "(web1|web2)", "(^.*$)", "^", "[0-9]+"])("%s is quick", (pattern) => {
  expect(isQuick(pattern, ["web1"])).toBe(true);
});

// Each takes exponential time, or time in a high power of the length, on a text that it just does not match.
test.each(["(a+)+$", "(a|a)*$", "(a|a)(a|a)(a|a)", "a*a*a*$", "(a|aa){9}", "(.*)(.*)"])("%s is not", (pattern) => {
  expect(isQuick(pattern, ["a"])).toBe(false);
});

test("nothing is quick on very long texts", () => {
  expect(isQuick(".*", ["a".repeat(2000)])).toBe(false);
});

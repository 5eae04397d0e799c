import { expect, test } from "vitest";
import { kindWords } from "./kind.js";

test.each([
  ["level_shift", "up", "level shift up"],
  ["spike", "down", "spike down"],
  ["drift", "none", "drift"],
  ["drop", "down", "drop"],
  ["variance", "up", "change of variance"],
  ["silence", "none", "silence"],
] as const)("%s %s is %s", (kind, direction, words) => {
  expect(kindWords({ kind, direction })).toBe(words);
});

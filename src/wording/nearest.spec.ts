import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { editDistance, nearest } from "./nearest.js";

describe("editDistance", () => {
  // Known values: kitten/sitting is the textbook's, and a swap of neighbours is one edit.
  test.each([
    ["", "", 0],
    ["", "abc", 3],
    ["kitten", "sitting", 3],
    ["hydarte", "hydrate", 1],
    ["ca", "abc", 3],
  ])("%s to %s is %i", (a, b, edits) => {
    expect(editDistance(a, b)).toBe(edits);
  });

  test("is symmetric, zero only for equal words, and never more than the longer word", () => {
    fc.assert(
      fc.property(fc.string({ maxLength: 8 }), fc.string({ maxLength: 8 }), (a, b) => {
        const edits = editDistance(a, b);
        expect(edits).toBe(editDistance(b, a));
        expect(edits === 0).toBe(a === b);
        expect(edits).toBeLessThanOrEqual(Math.max(a.length, b.length));
      }),
    );
  });
});

describe("nearest", () => {
  test("finds a slip, a swap and a beginning; says nothing when nothing is close", () => {
    const known = ["train", "infer", "hydrate", "completion"];
    expect(nearest("tarin", known)).toBe("train");
    expect(nearest("Infer", known)).toBe("infer");
    expect(nearest("compl", known)).toBe("completion");
    expect(nearest("banana", known)).toBeUndefined();
    expect(nearest("x", [])).toBeUndefined();
  });
});

import fc from "fast-check";
import { expect, test } from "vitest";
import { globToRegExp } from "../glob.js";
import { mergePaths } from "./merge-paths.js";

test.each<[string, string[], string[]]>([
  ["one node", ["a.n1.b", "a.n2.b"], ["a.{n1,n2}.b"]],
  ["two nodes whose combinations are all there", ["a.1.x", "a.1.y", "a.2.x", "a.2.y"], ["a.{1,2}.{x,y}"]],
  ["two nodes with one combination missing", ["a.1.x", "a.1.y", "a.2.x"], ["a.{1,2}.x", "a.1.y"]],
  ["other lengths stay apart", ["a.b", "a.b.c"], ["a.b", "a.b.c"]],
  ["the same path twice is one", ["a.b", "a.b"], ["a.b"]],
  [
    "globs, functions and tags stay as they are",
    ["a.*", "sum(a.b)", "a.b;x=y", "a.c"],
    ["a.c", "a.*", "sum(a.b)", "a.b;x=y"],
  ],
  ["nothing", [], []],
])("%s", (_, paths, merged) => {
  expect(mergePaths(paths)).toEqual(merged);
});

test("the patterns match exactly the paths, each once", () => {
  const node = fc.constantFrom("a", "b", "c");
  const paths = fc.array(
    fc.array(node, { minLength: 1, maxLength: 3 }).map((nodes) => nodes.join(".")),
    { maxLength: 30 },
  );
  const all = ["a", "b", "c"].flatMap((x) => [
    x,
    ...["a", "b", "c"].flatMap((y) => [`${x}.${y}`, ...["a", "b", "c"].map((z) => `${x}.${y}.${z}`)]),
  ]);
  fc.assert(
    fc.property(paths, (asked) => {
      const patterns = mergePaths(asked).map((one) => globToRegExp(one, "."));
      for (const path of all) {
        expect(patterns.filter((pattern) => pattern.test(path)).length).toBe(asked.includes(path) ? 1 : 0);
      }
    }),
  );
});

import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { globToRegExp } from "../../sources/glob.js";
import { matchingGlob } from "./glob.js";

describe("a node of a Graphite pattern", () => {
  test.each([
    ["*", ["", "a", "web1"], ["", "a", "web1"]],
    ["web?", ["web", "web1", "web12"], ["web1"]],
    ["web[1-3x]", ["web1", "web3", "web4", "webx", "web-"], ["web1", "web3", "webx"]],
    ["web[!1-3]", ["web1", "web4"], ["web4"]],
    ["{a,b*}c", ["ac", "bc", "bxc", "c"], ["ac", "bc", "bxc"]],
    ["{a,{b,c}}", ["a", "b", "c", "d"], ["a", "b", "c"]],
    ["a.b+(c", ["a.b+(c", "axb+(c"], ["a.b+(c"]],
    ["a{b", ["a{b"], ["a{b"]],
    ["é?", ["é😀"], ["é😀"]],
  ])("%s", (glob, texts, found) => {
    expect([...matchingGlob(glob, texts)]).toEqual(found);
  });

  test("matches what the regular expression of the glob matches", () => {
    const glob = fc.array(fc.constantFrom("a", "b", "*", "?", "[ab]", "{a,bb}", "{,b*}"), { maxLength: 8 });
    const text = fc.array(fc.constantFrom("a", "b", "c"), { maxLength: 8 });
    fc.assert(
      fc.property(glob, text, (parts, characters) => {
        const [pattern, own] = [parts.join(""), characters.join("")];
        // Two stars in a row cross nodes in our own globs; Graphite's do not.
        const expected = globToRegExp(pattern.replace(/\*+/g, "*"), ".").test(own);
        expect(matchingGlob(pattern, [own]).has(own)).toBe(expected);
      }),
      { seed: 13 },
    );
  });

  test("of many stars takes no time that grows with each", () => {
    const text = "a".repeat(2000);
    expect(matchingGlob(`${"*a".repeat(50)}*b`, [text]).size).toBe(0);
  });

  test("whose braces stand for too much is refused", () => {
    expect(() => matchingGlob("{1,2}".repeat(20), [])).toThrow(/stand for more than 10000 patterns/);
    expect(() => matchingGlob("{1,2}*".repeat(7), [])).toThrow(/stand for more than 100 patterns/);
  });
});

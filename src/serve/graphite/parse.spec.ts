import { describe, expect, test } from "vitest";
import { parseTarget, type Target } from "./parse.js";

/** The tree without its places. */
const plain = (target: Target): unknown =>
  target.kind === "call"
    ? { [target.name]: target.args.map(plain) }
    : target.kind === "path"
      ? target.pattern
      : target.kind === "string"
        ? { text: target.value }
        : target.value;

describe("a Graphite target", () => {
  test.each([
    ["a.b.c", "a.b.c"],
    [" a.*.{x,y}.[0-9,a]?.c ", "a.*.{x,y}.[0-9,a]?.c"],
    ["cpu;host=web1;dc=a", "cpu;host=web1;dc=a"],
    ["constantLine(100)", { constantLine: [100] }],
    ["constantLine(-1.5e3)", { constantLine: [-1500] }],
    ["randomWalk()", { randomWalk: [] }],
    [String.raw`aliasSub(a.b, "(^.*$)", "\1 A")`, { aliasSub: ["a.b", { text: "(^.*$)" }, { text: "\\1 A" }] }],
    ["alias(a.b,'it, (\"x\")')", { alias: ["a.b", { text: 'it, ("x")' }] }],
    [String.raw`alias(a, "say \"x\"")`, { alias: ["a", { text: String.raw`say \"x\"` }] }],
    [
      "summarize(a.1min, '5min', 'sum', alignToFrom=true)",
      { summarize: ["a.1min", { text: "5min" }, { text: "sum" }, "alignToFrom=true"] },
    ],
    ['f(a, func="sum")', { f: ["a", 'func="sum"'] }],
    ["f( g(h(a.b) , 1) )", { f: [{ g: [{ h: ["a.b"] }, 1] }] }],
  ])("%s", (text, tree) => {
    expect(plain(parseTarget(text))).toEqual(tree);
  });

  test("the place of an argument gives it as it was written", () => {
    const text = "anomalyScore( scale(a.{x, y}, 2) ,'j')";
    const target = parseTarget(text);
    const [inner] = target.kind === "call" ? target.args : [];
    expect(text.slice(inner.from, inner.to)).toBe("scale(a.{x, y}, 2)");
  });

  test.each([
    ["", /at its end/],
    ["f(a", /at its end/],
    ["f(a,)", /at character 5: \)/],
    ["f(a))", /at character 5: \)/],
    ["f(a b)", /at character 5: b\)/],
    ["f(a){", /at character 5/],
    ["'open", /at character 1/],
    ["a.{x", /at character 3: \{x/],
    [`${"f(".repeat(40)}a${")".repeat(40)}`, /more than 32 deep/],
    ["a".repeat(20_001), /20001 characters; up to 20000/],
  ])("%s is refused with the place", (text, says) => {
    expect(() => parseTarget(text)).toThrow(says);
    expect(() => parseTarget(text)).toThrow(expect.objectContaining({ statusCode: 400 }));
  });
});

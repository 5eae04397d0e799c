import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { InputError } from "../errors/errors.js";
import { literalGlob, matchesAll, matchesGlob, parseMatcher, parseMatchers } from "./matcher.js";
import { testRecord } from "./testing/record.js";

const record = testRecord({
  labels: { machine: "n21", aggregator: "a", dc: "eu", job: "node" },
  machine: "n21",
  job: "web",
});
const matches = (...texts: string[]) => matchesAll(parseMatchers(texts), record);

describe("matchers", () => {
  test.each([
    ["machine=n2*", true],
    ["machine=n2", false],
    ["machine!=n3?", true],
    ["dc=~eu|us", true],
    ["dc=~e", false],
    ["dc!~u.*", true],
    ['dc="eu"', true],
    [" dc = eu ", true],
    ["severity=high", true],
    ["job=web", true],
    ["labels.job=node", true],
    ["rack=", true],
    ["rack!=", false],
    ["rack=*", true],
  ])("%s: %s", (text, expected) => {
    expect(matches(text)).toBe(expected);
  });

  test("all must hold, and none is always true", () => {
    expect([matches("dc=eu", "severity=high"), matches("dc=eu", "severity=low"), matches()]).toEqual([
      true,
      false,
      true,
    ]);
  });

  test.each(["", "machine", "=x", "a b=c", "dc=~(", `x=${"y".repeat(1000)}`])(
    "%s is refused with what it needs",
    (text) => {
      expect(() => parseMatcher(text)).toThrow(InputError);
    },
  );

  test("a glob matches what the regular expression of it matches, and a literal one its text alone", () => {
    const text = fc.string({ unit: fc.constantFrom("a", "b", "*", "?", "\\", "🚀"), maxLength: 8 });
    fc.assert(
      fc.property(text, text, (glob, tried) => {
        const source = [...glob.matchAll(/\\([\s\S])|[\s\S]/gu)]
          .map(([one, escaped]) => {
            if (escaped === undefined && one === "*") return ".*";
            if (escaped === undefined && one === "?") return ".";
            return (escaped ?? one).replace(/[*?\\]/g, "\\$&");
          })
          .join("");
        expect(matchesGlob(glob, tried)).toBe(new RegExp(`^${source}$`, "su").test(tried));
        expect(matchesGlob(literalGlob(glob), tried)).toBe(glob === tried);
      }),
      { numRuns: 2000 },
    );
  });

  test("a glob of many stars does not take for ever", () => {
    expect(matchesGlob("*a".repeat(500), `${"a".repeat(499)}b`)).toBe(false);
  });
});

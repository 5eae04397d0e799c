import { describe, expect, test } from "vitest";
import { matching } from "./matching.js";
import type { Matcher, MatchOp } from "./parse.js";

const all = ["web1", "web2", "db\n1", ""].map((host) => ({ labels: new Map(host === "" ? [] : [["host", host]]) }));
const hosts = (...matchers: readonly [MatchOp, string][]) =>
  matching(
    all,
    matchers.map(([op, value]): Matcher => ({ label: "host", op, value })),
  ).map(({ labels }) => labels.get("host") ?? "");

describe("matchers", () => {
  // What `promtool query instant` selects of series with these labels.
  test.each([
    ["=", "web1", ["web1"]],
    ["!=", "web1", ["web2", "db\n1", ""]],
    ["=", "", [""]],
    ["=~", "web.", ["web1", "web2"]],
    ["=~", "eb", []],
    ["=~", "db.1", ["db\n1"]],
    ["=~", "(?i)WEB[12]", ["web1", "web2"]],
    ["=~", ".*", ["web1", "web2", "db\n1", ""]],
    ["!~", ".+", [""]],
    ["!~", "web1|db.*", ["web2", ""]],
  ] as const)("%s %j holds for %j", (op, value, expected) => {
    expect(hosts([op, value])).toEqual(expected);
  });

  test("all must hold", () => {
    expect(hosts(["=~", "web.*"], ["!=", "web2"])).toEqual(["web1"]);
  });

  test("a pattern that backtracks for ever is ended, and says so", () => {
    const long = [{ labels: new Map([["host", `${"a".repeat(60)}!`]]) }];
    expect(() => matching(long, [{ label: "host", op: "=~", value: "(a+)+b" }])).toThrow(
      expect.objectContaining({ statusCode: 422, message: expect.stringMatching(/takes too long/) }),
    );
  });

  test("a pattern that is none is refused", () => {
    expect(() => hosts(["=~", "("])).toThrow(/"\(" is not a regular expression/);
  });
});

import { Script } from "node:vm";
import { describe, expect, test, vi } from "vitest";
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

  test("a pattern whose time has passed once, as on a busy machine without a turn, is tried again", () => {
    const late = vi.spyOn(Script.prototype, "runInContext").mockImplementationOnce(() => {
      throw new Error("Script execution timed out after 40ms");
    });
    try {
      expect(hosts(["=~", "(w+eb)+.*"])).toEqual(["web1", "web2"]);
      expect(late).toHaveBeenCalledTimes(2);
    } finally {
      late.mockRestore();
    }
  });

  test("a pattern that is none is refused", () => {
    expect(() => hosts(["=~", "("])).toThrow(/"\(" is not a regular expression/);
  });
});

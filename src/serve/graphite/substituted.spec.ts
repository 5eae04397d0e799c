import { describe, expect, test } from "vitest";
import { substituted } from "./substituted.js";

describe("aliasSub", () => {
  // The right column is what Python 3.11 prints for re.sub(search, replacement, name).
  test.each([
    ["servers.web1.load", "(^.*$)", "\\1 A", "servers.web1.load A"],
    ["servers.web1.load", "^", "x:", "x:servers.web1.load"],
    ["a.b.c", "\\.", "-", "a-b-c"],
    ["a.b.c", "(.*)", "<\\1>", "<a.b.c><>"],
    ["ip-10.TCP80", "^.*TCP(\\d+)", "\\1", "80"],
    ["ip-10.TCP80", "(?P<port>\\d+)$", "\\g<port>/\\g<1>/\\g<0>", "ip-10.TCP80/80/80"],
    ["ab", "(a)|(b)", "[\\1\\2]", "[a][b]"],
    ["cost", "cost", "$1 $& $$", "$1 $& $$"],
    ["none", "x", "y", "none"],
  ])("%s, %s → %s", async (name, search, replacement, changed) => {
    expect(await substituted([name, name], search, replacement)).toEqual([changed, changed]);
  });

  test("refuses a name that grows beyond bounds, a group that is not there, and what is no pattern", async () => {
    await expect(substituted(["a".repeat(1000)], "a", "bbbbbbbbbb")).rejects.toThrow(/more than 4096 characters/);
    await expect(substituted(["a"], "a", "\\1")).rejects.toThrow(/names the group 1/);
    await expect(substituted(["a"], "(", "b")).rejects.toThrow(/is not a regular expression/);
  });

  test("ends a pattern that would take for ever", async () => {
    await expect(substituted([`${"a".repeat(40)}!`], "^(a+)+$", "")).rejects.toThrow(/takes too long/);
  });
});

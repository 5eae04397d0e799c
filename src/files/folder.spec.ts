import { existsSync, mkdtempSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { makeFolder } from "./folder.js";

let home: string;
beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), "anomaly-folder-"));
});
afterEach(() => rmSync(home, { recursive: true, force: true }));

describe("makeFolder", () => {
  test("makes all that is missing, and is content with what is there", () => {
    makeFolder(join(home, "a", "b", "c"));
    makeFolder(join(home, "a", "b", "c"));
    expect(statSync(join(home, "a", "b", "c")).isDirectory()).toBe(true);
  });

  test("throws where a file is in the way", () => {
    writeFileSync(join(home, "file"), "");
    expect(() => makeFolder(join(home, "file"))).toThrow(/EEXIST/);
    expect(() => makeFolder(join(home, "file", "below"))).toThrow(/ENOTDIR/);
  });

  test("comes back with an error where nothing can be made, instead of trying for ever", (context) => {
    if (!existsSync("/proc/self")) context.skip("there is no /proc here");
    expect(() => makeFolder("/proc/anomaly/plots")).toThrow(/ENOENT/);
  });
});

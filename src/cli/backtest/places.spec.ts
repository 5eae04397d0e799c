import { mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { fileNames, rememberWritten, removeEarlier } from "./places.js";

describe("fileNames", () => {
  const named = (...names: string[]) => fileNames(names.map((name) => ({ name })));

  test("hold only what every file system takes", () => {
    expect(named("n200.example_a", "a/b c:d", "../../etc", "…", "")).toEqual([
      "n200.example_a",
      "a-b-c-d",
      "etc",
      "series",
      "series~2",
    ]);
  });

  test("are never the same for two series, not even where case does not count", () => {
    const names = named("a b", "a/b", "A-B", "a-b~2", "a-b");
    expect(new Set(names.map((name) => name.toLowerCase())).size).toBe(5);
  });
});

describe("removeEarlier", () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "places-"));
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  test("takes away what an earlier run wrote, and nothing else", () => {
    rememberWritten(folder, ["a.csv", "a.png"]);
    for (const name of ["a.csv", "a.png", "mine.csv"]) writeFileSync(join(folder, name), "");
    removeEarlier(folder);
    expect(readdirSync(folder).filter((name) => !name.startsWith("."))).toEqual(["mine.csv"]);
  });

  test("trusts no list that was tampered with, and needs none", () => {
    writeFileSync(join(folder, "mine.csv"), "");
    removeEarlier(folder);
    writeFileSync(join(folder, ".backtest.json"), '["mine.csv", "../other.csv"]');
    removeEarlier(folder);
    expect(readdirSync(folder)).toContain("mine.csv");
  });
});

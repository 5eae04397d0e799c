import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { completionScript } from "./completion.js";
import { COMMAND_NAMES } from "./options/spec.js";

/** Asks bash what it would offer for a line; the last word is the one being typed. */
function offered(...words: readonly string[]): readonly string[] {
  const line = words.map((word) => `'${word}'`).join(" ");
  const ask = `COMP_WORDS=(anomaly ${line}); COMP_CWORD=${words.length}; _anomaly; printf '%s\\n' "\${COMPREPLY[@]}"`;
  const run = spawnSync("bash", ["-c", `${completionScript("bash")}\n${ask}`], { encoding: "utf8" });
  expect(run.stderr).toBe("");
  return run.stdout.trim().split("\n");
}

describe("completion in bash", () => {
  test("offers the commands, and those that begin as typed", () => {
    expect(offered("")).toEqual([...COMMAND_NAMES, "help"]);
    expect(offered("hy")).toEqual(["hydrate"]);
  });

  test("offers a command's own options and their values", () => {
    expect(offered("infer", "--thr")).toEqual(["--threshold"]);
    expect(offered("infer", "--threshold", "p99")).toEqual(["p99", "p99.5", "p99.9"]);
    expect(offered("plot", "--format", "")).toEqual(["png", "svg", "html"]);
    expect(offered("hydrate", "--format", "")).toEqual(["ndjson", "json", "csv"]);
    expect(offered("train", "--thr")).toEqual([""]);
  });

  test("knows the command behind an option with a value", () => {
    expect(offered("--config", "infer", "config", "")).toEqual(["show", "path"]);
  });
});

describe.each([
  ["bash", "/bin/bash", ["-n"]],
  ["zsh", "/usr/bin/zsh", ["-n"]],
  ["fish", "/usr/bin/fish", ["--no-execute"]],
] as const)("the script for %s", (shell, path, flags) => {
  test.skipIf(!existsSync(path))(`is one that ${shell} can read (skipped where it is not installed)`, () => {
    const run = spawnSync(path, [...flags], { input: completionScript(shell), encoding: "utf8" });
    expect(run.stderr).toBe("");
    expect(run.status).toBe(0);
  });
});

import { spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { completionScript, type Shell } from "./completion.js";
import { COMMAND_NAMES } from "./options/spec.js";

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "completion-"));
});
afterAll(() => rmSync(folder, { recursive: true }));

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
    expect(offered("infer", "--thres")).toEqual(["--threshold"]);
    expect(offered("infer", "--threshold", "p99")).toEqual(["p99", "p99.5", "p99.9"]);
    expect(offered("plot", "--format", "")).toEqual(["png", "svg", "html"]);
    expect(offered("hydrate", "--format", "")).toEqual(["ndjson", "json", "csv"]);
    expect(offered("train", "--thr")).toEqual(["--threads"]);
    expect(offered("models", "--thr")).toEqual([""]);
  });

  test("knows the command behind an option with a value", () => {
    expect(offered("--config", "infer", "config", "")).toEqual(["show", "path"]);
  });
});

/** The script as a file, for shells that do not read one from a pipe. */
function scriptFile(shell: Shell): string {
  const path = join(folder, `anomaly.${shell}`);
  writeFileSync(path, completionScript(shell));
  return path;
}

describe("completion in zsh", () => {
  test.skipIf(!existsSync("/usr/bin/zsh"))("loads after compinit (skipped where zsh is not installed)", () => {
    const ask = `autoload -U compinit; compinit -u -d ${folder}/dump; source ${scriptFile("zsh")}; echo $_comps[anomaly]`;
    const run = spawnSync("zsh", ["-f", "-c", ask], {
      encoding: "utf8",
      env: { PATH: process.env["PATH"], HOME: folder },
    });
    expect(run.stderr).toBe("");
    expect(run.stdout).toBe("_anomaly\n");
  });
});

describe("completion in fish", () => {
  test.skipIf(!existsSync("/usr/bin/fish"))(
    "offers commands, options and values (skipped where fish is not installed)",
    () => {
      const file = scriptFile("fish");
      const offer = (line: string) => {
        const run = spawnSync("fish", ["--no-config", "-c", `source ${file}; complete -C '${line}'`], {
          encoding: "utf8",
          env: { PATH: process.env["PATH"], HOME: folder },
        });
        expect(run.stderr).toBe("");
        return run.stdout
          .trim()
          .split("\n")
          .map((entry) => entry.split("\t")[0]);
      };
      expect(offer("anomaly hyd")).toEqual(["hydrate"]);
      expect(offer("anomaly infer --thres")).toEqual(["--threshold"]);
      expect(offer("anomaly plot --format ").sort()).toEqual(["html", "png", "svg"]);
      expect(offer("anomaly config ")).toEqual(["path", "show"]);
    },
  );
});

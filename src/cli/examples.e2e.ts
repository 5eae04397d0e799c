import { spawnSync } from "node:child_process";
import { readdirSync, rmSync } from "node:fs";
import { beforeAll, describe, expect, test } from "vitest";
import { COMMANDS } from "./commands/table.js";
import { programHelp } from "./help.js";
import { COMMAND_NAMES } from "./options/spec.js";
import { ensureBuilt, freshFolder } from "./testing/built.js";

beforeAll(ensureBuilt);

/** Runs lines one after the other in one fresh folder, as a reader of the help would; every one of them must succeed. */
function runLines(lines: readonly string[]): void {
  const { folder, path } = freshFolder();
  try {
    for (const line of lines) {
      const done = spawnSync("bash", ["-o", "pipefail", "-c", line], {
        cwd: folder,
        env: { PATH: path, HOME: folder },
        encoding: "utf8",
        stdio: ["ignore", "pipe", "pipe"],
      });
      expect(done.status, `${line}\n${done.stderr}`).toBe(0);
    }
    expect(readdirSync(folder).sort()).toEqual(["bin", "data", "models", "out"]);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

describe("every example of the help works as it is in a folder with data/", () => {
  test.each(COMMAND_NAMES)("anomaly %s --help", { timeout: 600_000 }, (command) => {
    runLines(COMMANDS[command].examples.flatMap(({ line, needs }) => (needs === undefined ? [line] : [])));
  });

  test("anomaly --help", { timeout: 600_000 }, () => {
    const plain = { bold: (text: string) => text };
    const lines = programHelp("0", plain).split("\n");
    const examples = lines.filter((line) => line.startsWith("  anomaly ") && !line.includes("<command>"));
    expect(examples.length).toBeGreaterThan(2);
    runLines(examples.map((line) => line.trim()));
  });
});

import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { afterAll, beforeAll, expect, test } from "vitest";

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "resume-"));
});
afterAll(() => rmSync(folder, { recursive: true }));

function train(models: string, ...more: string[]) {
  const options = ["--models-dir", join(folder, models), "--detector", "lstm", "--no-power", ...more];
  const child = spawn(process.execPath, [resolve("bin/anomaly.js"), "train", "data/fleet/history", ...options]);
  let stderr = "";
  child.stderr.on("data", (text) => {
    stderr += text;
  });
  return { child, ended: once(child, "exit"), stderr: () => stderr };
}

test("a training that was killed continues where it was, and comes to the same model to the byte", {
  timeout: 600_000,
}, async () => {
  const modelOf = (models: string) => join(folder, models, "default", "model.bin");
  const journal = join(folder, "killed", ".default.lstm.parts");
  const killed = train("killed", "--threads", "1");
  // Two passes over the history, of twelve.
  while (!(existsSync(journal) && statSync(journal).size > 80_000) && killed.child.exitCode === null) await pause(20);
  killed.child.kill("SIGKILL");
  await killed.ended;
  expect(existsSync(modelOf("killed"))).toBe(false);

  const again = train("killed");
  await again.ended;
  expect(again.child.exitCode, again.stderr()).toBe(0);
  expect(again.stderr()).toMatch(/continuing the training of lstm that was ended: \d+ parts of it are done/);

  const whole = train("whole", "--threads", "1");
  await whole.ended;
  expect(whole.stderr()).not.toContain("continuing");
  expect(readFileSync(modelOf("killed")).equals(readFileSync(modelOf("whole")))).toBe(true);
  expect(readdirSync(join(folder, "killed"))).toEqual(["default"]);
});

import { spawnSync } from "node:child_process";
import { readFileSync, rmSync, writeFileSync } from "node:fs";
import { beforeAll, expect, test } from "vitest";
import { ensureBuilt, freshFolder } from "./testing/built.js";

const README = new URL("../../README.md", import.meta.url);
/** When it was found differs each time; the fingerprint is of the model's bytes, to the last bit of each number. */
const OWN = ["detected_at", "model_version", "threshold_divisor"];

beforeAll(ensureBuilt);

function withoutOwn(line: string): object {
  return Object.fromEntries(Object.entries(JSON.parse(line)).filter(([name]) => !OWN.includes(name)));
}

test("the record of the README is the first that its fleet gives", { timeout: 600_000 }, () => {
  const { folder, path } = freshFolder();
  try {
    const lines = "anomaly train data/fleet/history -q && anomaly infer data/fleet --lookback 4d -q -o -";
    const { stdout, stderr } = spawnSync("bash", ["-c", lines], {
      cwd: folder,
      env: { PATH: path, HOME: folder },
      encoding: "utf8",
    });
    const [first] = stdout.split("\n");
    expect(first, stderr).toMatch(/^\{"schema"/);
    const readme = readFileSync(README, "utf8");
    const [written] = /^\{"schema":"anomaly.*\}$/m.exec(readme) ?? [];
    if (written === undefined) throw new Error("README.md shows no record");
    const isOld = JSON.stringify(withoutOwn(first)) !== JSON.stringify(withoutOwn(written));
    if (process.env["UPDATE_GOLDEN"] === "1" && isOld)
      writeFileSync(
        README,
        readme.replace(written, () => first),
      );
    else expect(withoutOwn(first)).toEqual(withoutOwn(written));
  } finally {
    rmSync(folder, { recursive: true });
  }
});

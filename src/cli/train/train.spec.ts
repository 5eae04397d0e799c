import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { runCaptured } from "../testing/captured.js";

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "train-"));
});
afterAll(() => rmSync(folder, { recursive: true }));

const START_S = 1_751_328_000;

const PATHS = ["n1.gauges.lag.x", "n1.gauges.lag.y", "n2.gauges.lag.x", "n2.gauges.lag.y"].map((p) => `statsd.${p}`);

/** Four days of metric paths, one row per value every 20 minutes. */
function longCsv(paths: readonly string[], cell = (value: number) => value.toFixed(3)): string {
  const rows = paths.flatMap((path, p) =>
    Array.from({ length: 4 * 72 }, (_, i) => `${path},${START_S + i * 1200},${cell(p + Math.sin(i / 5))}\n`),
  );
  return `name,time,value\n${rows.join("")}`;
}

type Line = Readonly<Record<string, unknown>>;

async function trainAndInfer(name: string, history: string, live: string) {
  const at = (file: string) => join(folder, name, file);
  const captured = async (...argv: readonly string[]) => {
    const { exitCode, stderr } = await runCaptured([...argv, "--models-dir", at("models")], { stdoutKind: "file" });
    expect([exitCode, stderr]).toEqual([0, expect.not.stringContaining("error:")]);
  };
  const csv = join(folder, `${name}.csv`);
  writeFileSync(csv, history);
  await captured("train", csv);
  writeFileSync(csv, live);
  await captured("infer", csv, "-o", at("a.ndjson"), "--state-dir", at("state"), "--states", at("s.ndjson"));
  const lines = (file: string): readonly Line[] =>
    readFileSync(at(file), "utf8")
      .split("\n")
      .filter((line) => line !== "")
      .map((line) => JSON.parse(line));
  return { states: lines("s.ndjson"), records: lines("a.ndjson") };
}

test("a live file of one machine gets the labels that the training files had", async () => {
  const { states } = await trainAndInfer("paths", longCsv(PATHS), longCsv(PATHS.slice(2)));
  const known = states.map(({ machine, aggregator, state }) => [machine, aggregator, state !== "unknown_series"]);
  expect(known).toEqual(
    expect.arrayContaining([
      ["n2", "x", true],
      ["n2", "y", true],
    ]),
  );
  expect(states.filter(({ state }) => state === "no_data").map(({ machine }) => machine)).toEqual(["n1", "n1"]);
  expect(states).toHaveLength(4);
});

test("the manifest's time is in whole seconds", async () => {
  const folderOfModels = join(folder, "clock");
  const csv = join(folder, "clock.csv");
  writeFileSync(csv, longCsv(PATHS));
  const nowMs = Date.parse("2025-08-01T12:00:00.631Z");
  await runCaptured(["train", csv, "--models-dir", folderOfModels], { nowMs });
  const manifest = JSON.parse(readFileSync(join(folderOfModels, "default/manifest.json"), "utf8"));
  expect(manifest.trained_at).toBe("2025-08-01T12:00:00Z");
  expect(manifest.options.series).toBe("statsd.{machine}.gauges.lag.{aggregator}");
});

test("models show takes a path where --model does, and misses no manifest in words of the file system", async () => {
  const models = join(folder, "shown");
  const csv = join(folder, "shown.csv");
  writeFileSync(csv, longCsv(PATHS));
  await runCaptured(["train", csv, "--models-dir", models]);
  const place = join(models, "default");
  const byName = await runCaptured(["models", "show", "default", "--models-dir", models]);
  const byPath = await runCaptured(["models", "show", place, "--models-dir", "elsewhere"]);
  expect(byPath.stdout).toContain("4 series");
  expect(byPath.stdout).toBe(byName.stdout);
  rmSync(join(place, "manifest.json"));
  const without = await runCaptured(["models", "show", place]);
  expect([without.exitCode, without.stderr]).toEqual([
    1,
    `error: cannot read the manifest ${place}/manifest.json: it does not exist; restore it or train again\n`,
  ]);
});

test("percentages of the CSV give records in percent", async () => {
  const percent = (value: number) => `${value.toFixed(2)}%`;
  const history = longCsv(PATHS, percent);
  const spike = `${PATHS[0]},${START_S + 4 * 86_400},90%\n`;
  const { records } = await trainAndInfer("percent", history, history + spike);
  const told = records.map(({ machine, observed, unit }) => ({ machine, observed, unit }));
  expect(told).toContainEqual({ machine: "n1", observed: 90, unit: "percent" });
});

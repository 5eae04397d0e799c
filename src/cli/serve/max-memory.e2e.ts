import { spawnSync } from "node:child_process";
import { readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { ensureBuilt, freshFolder } from "../testing/built.js";
import { eventually, type RunningServe, startServe } from "./testing/running-serve.js";

const job = (name: string) =>
  `  ${name}:\n    data: ${name}.csv\n    model: ${name}\n    detector: residual\n    every: 1s\n    lookback: 30d\n`;
const NAMES = ["first", "second"];
/** One file each, which is replaced at one moment: of several, a run could read some old and some new. */
const FILES = ["probe_counts_day.csv", "client_presence_hour.csv"];
/** Rows that are there after each step. */
const STEPS = [150, 200, 240, 280];

describe("anomaly serve --max-memory", { timeout: 600_000 }, () => {
  const folders: string[] = [];
  let serve: RunningServe | undefined;

  /** The first rows of the live days, as an exporter would replace them. */
  function showRows(folder: string, rows: number) {
    for (const [i, name] of NAMES.entries()) {
      const lines = readFileSync(join(folder, "data/fleet/live", FILES[i]), "utf8").split("\n");
      writeFileSync(join(folder, `.${name}`), `${lines.slice(0, rows).join("\n")}\n`);
      renameSync(join(folder, `.${name}`), join(folder, `${name}.csv`));
    }
  }
  function openPlace() {
    const place = freshFolder();
    folders.push(place.folder);
    writeFileSync(join(place.folder, "anomaly.yaml"), `jobs:\n${NAMES.map(job).join("")}`);
    return place;
  }
  const written = (folder: string, file: string) =>
    readFileSync(join(folder, "out", file), "utf8").replaceAll(/"detected_at":"[^"]*"/g, "");

  beforeAll(ensureBuilt);
  afterAll(async () => {
    if (serve?.child.exitCode === null && serve.child.signalCode === null) await serve.end("SIGKILL");
    for (const folder of folders) rmSync(folder, { recursive: true });
  });

  test("lets go of checkpoints, says so, and finds to the bit what a run of infer at each step finds", async () => {
    const [place, other] = [openPlace(), openPlace()];
    const limit = 20_000;
    for (const [i, rows] of STEPS.entries()) {
      showRows(place.folder, rows);
      serve ??= await startServe(place, ["--max-memory", `${limit}`]);
      const running = serve;
      // Every job has run twice since the step: the second run began after it.
      const runs = async (name: string) => {
        const metrics = (await running.get("/metrics")).text;
        return Number(
          new RegExp(`^anomaly_runs_total\\{job="${name}",outcome="ok"\\} (\\d+)`, "m").exec(metrics)?.[1] ?? 0,
        );
      };
      const before = await Promise.all(NAMES.map(runs));
      await eventually(async () => {
        const now = await Promise.all(NAMES.map(runs));
        return now.every((count, k) => count >= before[k] + 2) ? true : undefined;
      });
      showRows(other.folder, rows);
      for (const name of NAMES) {
        const args = ["infer", "--job", name, "-o", `out/${name}.ndjson`, "-q"];
        const env = { PATH: other.path, HOME: other.folder };
        expect(spawnSync("anomaly", args, { cwd: other.folder, env }).status).toBe(0);
        for (const file of [`${name}.ndjson`, `states.${name}.ndjson`]) {
          expect(written(place.folder, file), `${file} at step ${i}`).toBe(written(other.folder, file));
        }
      }
    }
    const metrics = (await serve?.get("/metrics"))?.text ?? "";
    expect(Number(/^anomaly_shed_files_total (\d+)/m.exec(metrics)?.[1])).toBeGreaterThan(STEPS.length);
    expect(Number(/^anomaly_warm_bytes (\d+)/m.exec(metrics)?.[1])).toBeLessThanOrEqual(limit);
    expect(serve?.log()).toMatch(/let go of \d+ checkpoint files? to stay within --max-memory/);
    const records = NAMES.flatMap((name) => written(place.folder, `${name}.ndjson`).trim().split("\n"));
    expect(records.length).toBeGreaterThan(3);
    expect((await serve?.end())?.status).toBe(0);
  });
});

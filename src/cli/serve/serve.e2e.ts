import { spawnSync } from "node:child_process";
import { mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { ensureBuilt, freshFolder } from "../testing/built.js";
import { eventually, type RunningServe, startServe } from "./testing/running-serve.js";

const JOBS = `jobs:
  fleet:
    data: [data/fleet/history, data/fleet/live]
    lookback: 4d
    detector: family
  young:
    data: live
    detector: residual
    output: out/named-{job}.ndjson
    every: 1s
  grouped:
    data: [data/fleet/history, live]
    lookback: 4d
    detector: residual
    group-by: machine
    output: out/named-{job}.ndjson
    every: 1s
`;
/** Rows of the live days that are there at the end. */
const ROWS = 280;

const places: { folder: string; path: string }[] = [];
const running: RunningServe[] = [];

function openPlace() {
  const place = freshFolder();
  places.push(place);
  writeFileSync(join(place.folder, "anomaly.yaml"), JOBS);
  showRows(place.folder, ROWS);
  return place;
}

/** The first rows of the live days, as if no more had happened yet. Each file is replaced at once, as an exporter would. */
function showRows(folder: string, rows: number) {
  mkdirSync(join(folder, "live"), { recursive: true });
  for (const name of readdirSync(join(folder, "data/fleet/live"))) {
    const lines = readFileSync(join(folder, "data/fleet/live", name), "utf8").split("\n");
    writeFileSync(join(folder, `live-${name}`), `${lines.slice(0, rows).join("\n")}\n`);
    renameSync(join(folder, `live-${name}`), join(folder, "live", name));
  }
}

function anomaly({ folder, path }: { folder: string; path: string }, ...args: string[]) {
  return spawnSync("anomaly", args, {
    cwd: folder,
    env: { PATH: path, HOME: folder },
    encoding: "utf8",
    input: "s3cret",
  });
}

/** A file of records or statuses, without when they were found. */
function written(folder: string, file: string): string {
  return readFileSync(join(folder, file), "utf8").replaceAll(/"detected_at":"[^"]*"/g, "");
}

async function start(place: { folder: string; path: string }, ...args: string[]) {
  const serve = await startServe(place, args);
  running.push(serve);
  return serve;
}

beforeAll(ensureBuilt);
afterAll(async () => {
  for (const one of running) if (one.child.exitCode === null && one.child.signalCode === null) await one.end("SIGKILL");
  for (const { folder } of places) rmSync(folder, { recursive: true });
});

describe("anomaly serve", { timeout: 600_000 }, () => {
  test("--once writes what infer writes", () => {
    const [served, inferred] = [openPlace(), openPlace()];
    for (const place of [served, inferred]) expect(anomaly(place, "train", "data/fleet/history", "-q").status).toBe(0);
    expect(anomaly(served, "serve", "--once")).toMatchObject({ status: 0 });
    expect(anomaly(inferred, "infer", "--job", "fleet", "-o", "out/fleet.ndjson", "-q").status).toBe(0);
    expect(anomaly(inferred, "infer", "--job", "young", "-q").status).toBe(0);
    for (const file of ["fleet.ndjson", "named-young.ndjson", "states.fleet.ndjson", "states.young.ndjson"]) {
      expect(written(served.folder, `out/${file}`), file).toBe(written(inferred.folder, `out/${file}`));
    }
    expect(written(served.folder, "out/fleet.ndjson").split("\n").length).toBeGreaterThan(5);
  });

  test("answers what it found, and ends at SIGTERM with status 0", async () => {
    const serve = await start(openPlace(), "--job", "young");
    await eventually(async () => ((await serve.get("/readyz")).status === 200 ? true : undefined));
    const runs = JSON.parse((await serve.get("/api/v1/runs")).text).data;
    expect(runs).toMatchObject([{ job: "young", failure: null, series: 18, detector: "residual", model: null }]);
    const metrics = (await serve.get("/metrics")).text;
    expect(metrics).toMatch(/^anomaly_runs_total\{job="young",outcome="ok"\} [1-9]/m);
    expect(metrics).toMatch(/^anomaly_series\{job="young",status="ok"\} \d+/m);
    expect(metrics.match(/^anomaly_status\{/gm)).toHaveLength(18);
    const all = JSON.parse((await serve.get("/api/v1/episodes?limit=1000")).text);
    const file = readFileSync(join(places.at(-1)?.folder ?? "", "out/named-young.ndjson"), "utf8")
      .trim()
      .split("\n");
    expect(all.total).toBe(file.length);
    expect(new Set(all.data.map((one: object) => JSON.stringify(one)))).toEqual(new Set(file));
    expect((await serve.end("SIGTERM")).status).toBe(0);
  });

  test.each([
    ["young", 20, 5],
    ["grouped", 60, 15],
  ])(
    "job %s: killed again and again while data arrives, it has the records of one infer over all of it",
    async (job, step, msPerRow) => {
      const [place, whole] = [openPlace(), openPlace()];
      for (let rows = 100; rows <= ROWS; rows += step) {
        showRows(place.folder, rows);
        const serve = await start(place, "--job", job);
        // Into the first run, later each time: before, between and after its files are written.
        await eventually(async () => ((await serve.get("/healthz")).status === 200 ? true : undefined));
        await new Promise((turn) => setTimeout(turn, (rows - 100) * msPerRow));
        await serve.end("SIGKILL");
      }
      const serve = await start(place, "--job", job);
      await eventually(async () => ((await serve.get("/readyz")).status === 200 ? true : undefined));
      await serve.end();
      expect(anomaly(whole, "infer", "--job", job, "-q").status).toBe(0);
      const now = (folder: string) =>
        written(folder, `out/named-${job}.ndjson`)
          .split("\n")
          .filter((line) => /"status":"open"|"kind":"group"|2025-07-03/.test(line))
          .sort();
      expect(now(place.folder)).toEqual(now(whole.folder));
      const groups = now(whole.folder).filter((line) => line.includes('"kind":"group"'));
      expect(groups.length > 0).toBe(job === "grouped");
      const ids = written(place.folder, `out/named-${job}.ndjson`).match(/"id":"[^"]*"/g) ?? [];
      expect(new Set(ids).size).toBe(ids.length);
    },
  );

  test("takes a changed settings file at SIGHUP, and keeps the old one when the new one is wrong", async () => {
    const place = openPlace();
    const file = join(place.folder, "anomaly.yaml");
    const serve = await start(place, "--job", "young");
    writeFileSync(file, JOBS.replace("every: 1s", "evry: 1s"));
    serve.child.kill("SIGHUP");
    await serve.logged(/not reloaded.*anomaly\.yaml:10:5: "evry"/);
    expect((await serve.get("/metrics")).text).toMatch(/^anomaly_config_reloads_total\{outcome="refused"\} 1$/m);
    writeFileSync(file, JOBS.replace("detector: residual", "detector: residual\n    direction: up"));
    serve.child.kill("SIGHUP");
    await serve.logged(/settings reloaded: 1 job/);
    const metrics = (await serve.get("/metrics")).text;
    expect(metrics).toMatch(/^anomaly_config_reloads_total\{outcome="accepted"\} 1$/m);
    expect(metrics).toMatch(/^anomaly_config_last_reload_successful 1$/m);
    await serve.end();
  });

  test("a source that fails is reported by its series, the metrics and the runs, and the next run recovers", async () => {
    const place = openPlace();
    const serve = await start(place, "--job", "young");
    await eventually(async () => ((await serve.get("/readyz")).status === 200 ? true : undefined));
    renameSync(join(place.folder, "live"), join(place.folder, "away"));
    const failed = await eventually(async () => {
      const [run] = JSON.parse((await serve.get("/api/v1/runs")).text).data;
      return run.failure === null ? undefined : run.failure;
    });
    expect(failed).toMatch(/live/);
    const series = JSON.parse((await serve.get("/api/v1/series?state=failed")).text);
    expect(series.total).toBe(18);
    expect((await serve.get("/metrics")).text).toMatch(/^anomaly_run_up\{job="young"\} 0$/m);
    renameSync(join(place.folder, "away"), join(place.folder, "live"));
    await eventually(async () => {
      const { total } = JSON.parse((await serve.get("/api/v1/series?state=failed")).text);
      return total === 0 ? true : undefined;
    });
    await serve.end();
  });

  test("refuses to listen beyond this machine without credentials", () => {
    const done = anomaly(openPlace(), "serve", "--listen", "0.0.0.0:0");
    expect(done.stderr).toMatch(/can be reached from other machines; name a file .* --credentials-file/);
    expect(done.status).toBe(2);
  });

  test("a port that is taken ends it with a sentence and status 1", async () => {
    const place = openPlace();
    const serve = await start(place, "--job", "young");
    const done = spawnSync("anomaly", ["serve", "--job", "young", "--listen", new URL(serve.address).host], {
      cwd: place.folder,
      env: { PATH: place.path, HOME: place.folder },
      encoding: "utf8",
      timeout: 600_000,
    });
    expect(done.stderr).toMatch(/cannot listen on 127\.0\.0\.1:\d+: .*EADDRINUSE/);
    expect([done.status, done.signal]).toEqual([1, null]);
    await serve.end();
  });

  test("--print-hash prints what the credentials file needs", () => {
    const place = openPlace();
    const { stdout, status } = anomaly(place, "serve", "--print-hash");
    expect(status).toBe(0);
    expect(stdout).toMatch(/^scrypt:[0-9a-f]{32}:[0-9a-f]{64}\n$/);
  });
});

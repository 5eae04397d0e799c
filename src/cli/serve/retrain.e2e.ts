import { spawnSync } from "node:child_process";
import { existsSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { ensureBuilt, freshFolder } from "../testing/built.js";
import { eventually, type RunningServe, startServe } from "./testing/running-serve.js";

const JOBS = `train:
  no-power: true
jobs:
  visits:
    data: [data/fleet/history/visit_length_day.csv]
    model: visits
    detector: family
    lookback: 2d
    every: 1s
    retrain: 2s
  young:
    data: data/fleet/live
    detector: residual
    every: 1s
`;

const places: string[] = [];
const running: RunningServe[] = [];

function openPlace() {
  const place = freshFolder();
  places.push(place.folder);
  writeFileSync(join(place.folder, "anomaly.yaml"), JOBS);
  // Another seed than a retraining has: the challenger is another model.
  expect(anomaly(place, "train", "--job", "visits", "--seed", "2", "-q")).toMatchObject({ status: 0, stderr: "" });
  return place;
}

function anomaly({ folder, path }: { folder: string; path: string }, ...args: string[]) {
  return spawnSync("anomaly", args, { cwd: folder, env: { PATH: path, HOME: folder }, encoding: "utf8" });
}

async function start(place: { folder: string; path: string }, ...args: string[]) {
  const serve = await startServe(place, args);
  running.push(serve);
  return serve;
}

interface Models {
  readonly versions: readonly { readonly version: string; readonly role: string }[];
  readonly retrain: string | null;
  readonly retrain_due_at: string | null;
  readonly is_retraining: boolean;
  readonly retrain_failure: string | null;
}
const modelOf = async (serve: RunningServe): Promise<Models> =>
  JSON.parse((await serve.get("/api/v1/models")).text).data[0];
const versionOf = (models: Models, role: string) => models.versions.find((one) => one.role === role)?.version;
const runOf = async (serve: RunningServe) => JSON.parse((await serve.get("/api/v1/runs")).text).data[0];
/** Kills the newest training, and those after it as long as none has failed: the first may have ended before it was hit. @returns the failure. */
const killTraining = (serve: RunningServe) =>
  eventually(async () => {
    const pid = [...serve.log().matchAll(/training a challenger .*\(process (\d+)\)/g)].at(-1)?.[1];
    try {
      if (pid !== undefined) process.kill(Number(pid), "SIGKILL");
    } catch {
      // It has ended.
    }
    return (await modelOf(serve)).retrain_failure ?? undefined;
  });

beforeAll(ensureBuilt);
afterAll(async () => {
  for (const one of running) if (one.child.exitCode === null && one.child.signalCode === null) await one.end("SIGKILL");
  for (const folder of places) rmSync(folder, { recursive: true, maxRetries: 10 });
});

describe("anomaly serve with retrain", { timeout: 600_000 }, () => {
  test("a challenger is trained and shown, and in use only once it is promoted, without a restart; that can be undone", async () => {
    const place = openPlace();
    const file = join(place.folder, "models/visits/model.bin");
    const champion = readFileSync(file);
    const serve = await start(place, "-v");
    const challenger = await eventually(async () => versionOf(await modelOf(serve), "challenger"));
    const first = versionOf(await modelOf(serve), "champion");
    expect(readFileSync(file).equals(champion)).toBe(true);
    const metrics = (await serve.get("/metrics")).text;
    expect(metrics).toMatch(/^anomaly_challenger_age_seconds\{job="visits"\} \d/m);
    expect(metrics).toMatch(/^anomaly_retrain_runs_total\{job="visits",outcome="failed"\} 0$/m);
    expect(anomaly(place, "models", "list").stdout).toMatch(new RegExp(`challenger .* ${challenger}`));
    expect(anomaly(place, "models", "show", "visits").stdout).toContain(`${challenger} (challenger, trained`);
    await eventually(async () => ((await runOf(serve)).model?.version === first ? true : undefined));

    const promoted = anomaly(place, "models", "promote", "visits", challenger);
    expect(promoted).toMatchObject({ status: 0 });
    expect(promoted.stderr).toContain(`${challenger} is in use; to undo: anomaly models promote visits ${first}`);
    await eventually(async () => ((await runOf(serve)).model.version === challenger ? true : undefined));
    expect(versionOf(await modelOf(serve), "champion")).toBe(challenger);
    // The scorers of the other job are those of before: its history has been scored once, at the begin.
    await serve.logged(/(young: continued \d+ series[\s\S]*){3}/);
    expect(serve.log().match(/young: scored the history/g)).toHaveLength(1);

    expect(anomaly(place, "models", "promote", "visits", first ?? "").status).toBe(0);
    expect(readFileSync(file).equals(champion)).toBe(true);
    await eventually(async () => ((await runOf(serve)).model.version === first ? true : undefined));
    expect((await serve.end()).status).toBe(0);
  });

  test("kill -9 in the middle of a training, of it or of the server, leaves the model in use whole", async () => {
    const place = openPlace();
    const file = join(place.folder, "models/visits/model.bin");
    const champion = readFileSync(file);
    const serve = await start(place);
    expect(await killTraining(serve)).toMatch(/ended by SIGKILL/);
    expect(readFileSync(file).equals(champion)).toBe(true);
    // It is tried again, and that one lives through the end of the server or not; the model in use is the same.
    await serve.logged(/(training a challenger[\s\S]*){2}/);
    await serve.end("SIGKILL");
    expect(readFileSync(file).equals(champion)).toBe(true);
    const again = await start(place);
    await eventually(async () => versionOf(await modelOf(again), "challenger"));
    expect(readFileSync(file).equals(champion)).toBe(true);
    await again.end();
  });

  test("a training that fails is counted, said with its reason, tried again, and keeps no run from scoring", async () => {
    const place = openPlace();
    writeFileSync(join(place.folder, "anomaly.yaml"), JOBS.replace("train:", "train:\n  from: 2030-01-01"));
    const serve = await start(place);
    const reason = await eventually(async () => (await modelOf(serve)).retrain_failure ?? undefined);
    expect(reason).toMatch(/^there is no row from 2030-01-01T00:00:00Z/);
    await serve.logged(
      /visits: no challenger could be trained: there is no row from 2030-01-01T00:00:00Z.*; it is tried again/,
    );
    expect((await serve.get("/metrics")).text).toMatch(
      /^anomaly_retrain_runs_total\{job="visits",outcome="failed"\} [1-9]/m,
    );
    await eventually(async () => ((await runOf(serve)).failure === null ? true : undefined));
    writeFileSync(join(place.folder, "anomaly.yaml"), JOBS);
    await eventually(async () => versionOf(await modelOf(serve), "challenger"));
    // The version is there a moment before the process that wrote it has ended.
    await eventually(async () => ((await modelOf(serve)).retrain_failure === null ? true : undefined));
    await serve.end();
  });

  test("two jobs that would retrain one model are refused with line and column, and so is a period that is none", () => {
    const place = openPlace();
    const twice = JOBS.replace("detector: residual", "detector: auto\n    model: visits\n    retrain: 7d");
    writeFileSync(join(place.folder, "anomaly.yaml"), twice);
    const refused = anomaly(place, "serve", "--once");
    expect(refused.status).toBe(2);
    expect(refused.stderr).toMatch(
      /anomaly\.yaml:15:5: the jobs visits and young would both retrain the model visits; give each a model of its own/,
    );
    writeFileSync(join(place.folder, "anomaly.yaml"), JOBS.replace("retrain: 2s", "retrain: soon"));
    expect(anomaly(place, "serve", "--once").stderr).toMatch(
      /anomaly\.yaml:10:5: retrain got "soon" and needs a duration of at least 1s, such as 7d/,
    );
  });

  test("a training that gives the same model once more is no challenger, and the next is due a period later", async () => {
    const place = openPlace();
    writeFileSync(join(place.folder, "anomaly.yaml"), JOBS.replace("retrain: 2s", "retrain: 7d"));
    expect(anomaly(place, "train", "--job", "visits", "-q").status).toBe(0);
    const manifest = join(place.folder, "models/visits/manifest.json");
    writeFileSync(
      manifest,
      readFileSync(manifest, "utf8").replace(/"trained_at": "[^"]*"/, '"trained_at": "2020-01-01T00:00:00Z"'),
    );
    const serve = await start(place);
    await serve.logged(/visits: the model in use has been trained once more, with the same result/);
    const model = await modelOf(serve);
    expect(model.versions).toMatchObject([{ role: "champion" }]);
    expect(Date.parse(model.retrain_due_at ?? "")).toBeGreaterThan(Date.now() + 6 * 86_400_000);
    expect((await serve.get("/metrics")).text).not.toMatch(/^anomaly_challenger_age_seconds\{/m);
    await serve.end();
    expect(serve.log().match(/training a challenger/g)).toHaveLength(1);
  });

  test("a job without a model is served, and says what retrain waits for", async () => {
    const place = openPlace();
    rmSync(join(place.folder, "models/visits"), { recursive: true });
    writeFileSync(join(place.folder, "anomaly.yaml"), JOBS.replace("detector: family", "detector: auto"));
    const serve = await start(place);
    await eventually(async () => ((await runOf(serve)).succeeded_at === null ? undefined : true));
    await serve.logged(/visits: retrain waits for a first model visits: anomaly train --job visits/);
    expect(await modelOf(serve)).toMatchObject({ versions: [], retrain: "2s", retrain_due_at: null });
    await serve.end();
  });

  test("train --challenger needs a model to challenge", () => {
    const place = openPlace();
    renameSync(join(place.folder, "models/visits"), join(place.folder, "models/other"));
    const done = anomaly(place, "train", "--job", "visits", "--challenger", "-q");
    expect(done.status).not.toBe(0);
    expect(done.stderr).toMatch(/there is no model "visits" in models\/; there are: other/);
    expect(existsSync(join(place.folder, "models/visits/model.bin"))).toBe(false);
    expect(readdirSync(join(place.folder, "models"))).toEqual(["other"]);
  });
});

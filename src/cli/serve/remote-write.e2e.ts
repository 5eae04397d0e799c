import { spawnSync } from "node:child_process";
import { mkdirSync, readdirSync, readFileSync, renameSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { encodeRequest, WRITE_HEADERS } from "../../serve/write/wire.js";
import {
  type PromqlServer,
  prometheusAvailable,
  startPrometheus,
  startVictoria,
  victoriaAvailable,
} from "../../sources/testing/promql-servers.js";
import { ensureBuilt, freshFolder } from "../testing/built.js";
import { eventually, eventuallyHolds, type RunningServe, startServe } from "./testing/running-serve.js";

const JOBS = `jobs:
  young:
    data: live
    detector: residual
    lookback: 4d
    every: 1s
`;
/** More rows than the live days have: all of them. */
const ROWS = 280;
const ALL_FILES = 6;

type Samples = Map<string, Map<number, number>>;

const folders: string[] = [];
const running: RunningServe[] = [];
const servers: PromqlServer[] = [];

beforeAll(ensureBuilt);
afterEach(async () => {
  for (const one of running) if (one.child.exitCode === null && one.child.signalCode === null) await one.end("SIGKILL");
  for (const server of servers.splice(0)) await server.stop();
});
afterAll(() => {
  for (const folder of folders) rmSync(folder, { recursive: true });
});

function openPlace(rows: number, files = ALL_FILES) {
  const place = freshFolder();
  folders.push(place.folder);
  writeFileSync(join(place.folder, "anomaly.yaml"), JOBS);
  showRows(place.folder, rows, files);
  return place;
}

/** The first rows of the live days, as if no more had happened yet. */
function showRows(folder: string, rows: number, files = ALL_FILES) {
  const own = join(folder, `live-${rows}`);
  mkdirSync(own, { recursive: true });
  for (const name of readdirSync(join(folder, "data/fleet/live")).slice(0, files)) {
    const lines = readFileSync(join(folder, "data/fleet/live", name), "utf8").split("\n");
    writeFileSync(join(own, name), `${lines.slice(0, rows).join("\n")}\n`);
  }
  symlinkSync(own, join(folder, "link"));
  renameSync(join(folder, "link"), join(folder, "live"));
}

async function started<T extends PromqlServer>(starting: Promise<T>): Promise<T> {
  const server = await starting;
  servers.push(server);
  return server;
}

async function serving(place: { folder: string; path: string }, ...args: string[]): Promise<RunningServe> {
  const serve = await startServe(place, args);
  running.push(serve);
  return serve;
}

function anomaly({ folder, path }: { folder: string; path: string }, ...args: string[]) {
  return spawnSync("anomaly", args, {
    cwd: folder,
    env: { PATH: path, HOME: folder },
    encoding: "utf8",
    maxBuffer: 1 << 26,
  });
}

const seriesName = (labels: Readonly<Record<string, string>>) =>
  JSON.stringify(Object.entries(labels).sort(([a], [b]) => (a < b ? -1 : 1)));

/** What a replay of all the data scores: the text that `export` writes, without remote write in between. */
function replayed(place: { folder: string; path: string }): Samples {
  const { stdout, status } = anomaly(place, "export", "--from", "2025-06-20");
  expect(status).toBe(0);
  const all: Samples = new Map();
  for (const line of stdout.split("\n")) {
    const match = /^(\w+)\{(.*)\} (\S+) (\S+)$/.exec(line);
    if (match === null) continue;
    const labels = Object.fromEntries(
      [...match[2].matchAll(/(\w+)="([^"]*)"/g)].map(([, name, value]) => [name, value]),
    );
    const key = seriesName({ ...labels, __name__: match[1] });
    all.set(key, (all.get(key) ?? new Map()).set(Number(match[4]) * 1000, Number(match[3])));
  }
  return all;
}

async function inPrometheus(url: string): Promise<Samples> {
  const query = encodeURIComponent('{__name__=~"anomaly_.*"}[90d]');
  const answer = await fetch(`${url}/api/v1/query?query=${query}&time=2025-08-01T00:00:00Z`);
  const { data } = (await answer.json()) as {
    data: { result: { metric: Record<string, string>; values: [number, string][] }[] };
  };
  return new Map(
    data.result.map(({ metric, values }) => [
      seriesName(metric),
      new Map(values.map(([atS, value]) => [atS * 1000, Number(value)])),
    ]),
  );
}

/** Raw samples: a slot that was stored twice comes twice. */
async function inVictoria(url: string): Promise<{ readonly samples: Samples; readonly count: number }> {
  const body = new URLSearchParams({ "match[]": '{job="young"}' });
  const lines = (await (await fetch(`${url}/api/v1/export`, { method: "POST", body })).text()).split("\n");
  const samples: Samples = new Map();
  let count = 0;
  for (const line of lines.filter((text) => text !== "")) {
    const { metric, values, timestamps } = JSON.parse(line);
    count += timestamps.length;
    samples.set(seriesName(metric), new Map(timestamps.map((atMs: number, i: number) => [atMs, values[i]])));
  }
  return { samples, count };
}

const countOf = (samples: Samples) => [...samples.values()].reduce((sum, { size }) => sum + size, 0);

/** VictoriaMetrics keeps numbers as decimals of some twelve digits; Prometheus keeps every bit. */
function expectNearlyEqual(found: Samples, wanted: Samples) {
  expect([...found.keys()].sort()).toEqual([...wanted.keys()].sort());
  for (const [key, own] of wanted) {
    expect([...(found.get(key)?.keys() ?? [])].sort()).toEqual([...own.keys()].sort());
    for (const [atMs, value] of own) {
      const difference = Math.abs((found.get(key)?.get(atMs) ?? Number.NaN) - value);
      expect(difference).toBeLessThanOrEqual(1e-11 * Math.abs(value));
    }
  }
}

/** What differs, in a few lines: all of it would be thousands. */
function differences(found: Samples, wanted: Samples): readonly string[] {
  const lines: string[] = [];
  for (const [key, own] of wanted) {
    for (const [atMs, value] of own) {
      const got = found.get(key)?.get(atMs);
      if (got !== value) lines.push(`${key} at ${new Date(atMs).toISOString()}: ${got} and not ${value}`);
    }
  }
  const [more, fewer] = [countOf(found), countOf(wanted)];
  return more === fewer ? lines.slice(0, 5) : [`${more} and not ${fewer}`, ...lines.slice(0, 5)];
}

const bothThere = prometheusAvailable() && victoriaAvailable();

describe.skipIf(!bothThere)("remote write", { timeout: 600_000 }, () => {
  test("Prometheus and VictoriaMetrics have what a replay scores, each slot once, also those that came later", async () => {
    const [prometheus, victoria] = [await started(startPrometheus([])), await started(startVictoria([]))];
    // One file, which is replaced at one moment: of several, a run could read some old and some new.
    const place = openPlace(180, 1);
    const write = ["--write", `prometheus=${prometheus.url}`, "--write", `victoriametrics=${victoria.url}`];
    const serve = await serving(place, ...write);
    await eventually(async () => ((await inVictoria(victoria.url)).count > 0 ? true : undefined));
    for (const rows of [200, ROWS]) {
      const before = (await inVictoria(victoria.url)).count;
      showRows(place.folder, rows, 1);
      await eventually(async () => ((await inVictoria(victoria.url)).count > before ? true : undefined));
    }
    const wanted = replayed(place);
    await eventually(async () => ((await inVictoria(victoria.url)).count >= countOf(wanted) ? true : undefined));
    await eventually(async () => (countOf(await inPrometheus(prometheus.url)) >= countOf(wanted) ? true : undefined));
    expect(differences(await inPrometheus(prometheus.url), wanted)).toEqual([]);
    const there = await inVictoria(victoria.url);
    expect(there.count).toBe(countOf(wanted));
    expectNearlyEqual(there.samples, wanted);
    // A receiver has samples before they are counted as sent.
    await eventuallyHolds(async () => {
      const metrics = (await serve.get("/metrics")).text;
      for (const kind of ["prometheus", "victoriametrics"]) {
        const own = new RegExp(
          `^anomaly_write_sent_samples_total\\{receiver="${kind} [^"]*"\\} ${countOf(wanted)}$`,
          "m",
        );
        expect(metrics).toMatch(own);
        expect(metrics).toMatch(new RegExp(`^anomaly_write_queue_samples\\{receiver="${kind} [^"]*"\\} 0$`, "m"));
      }
      expect(metrics).not.toMatch(/^anomaly_write_dropped_samples_total/m);
    });
    expect((await serve.end()).status).toBe(0);
  });

  test("killed again and again, with one receiver down for a while: no slot is lost or doubled, and the other has its own", async () => {
    const [prometheus, victoria] = [await started(startPrometheus([])), await started(startVictoria([]))];
    const place = openPlace(100);
    const write = ["--write", `prometheus=${prometheus.url}`, "--write", `victoriametrics=${victoria.url}`];
    for (let rows = 100; rows <= ROWS; rows += 20) {
      showRows(place.folder, rows);
      if (rows === 140) await victoria.down();
      if (rows === 220) await victoria.up();
      const serve = await serving(place, ...write);
      // Into the first run, later each time: before, between and after the requests are written and sent.
      await eventually(async () => ((await serve.get("/healthz")).status === 200 ? true : undefined));
      await new Promise((turn) => setTimeout(turn, (rows - 80) * 8));
      await serve.end("SIGKILL");
    }
    const serve = await serving(place, ...write);
    const wanted = replayed(place);
    await eventually(async () => ((await inVictoria(victoria.url)).count >= countOf(wanted) ? true : undefined));
    await eventually(async () => (countOf(await inPrometheus(prometheus.url)) >= countOf(wanted) ? true : undefined));
    expect(differences(await inPrometheus(prometheus.url), wanted)).toEqual([]);
    const there = await inVictoria(victoria.url);
    expect(there.count).toBe(countOf(wanted));
    expectNearlyEqual(there.samples, wanted);
    await serve.end();
  });

  test("a sample that Prometheus refuses costs no other, and is named", async () => {
    const prometheus = await started(startPrometheus([]));
    const place = openPlace(ROWS);
    const wanted = replayed(place);
    const first = Math.min(...[...wanted.values()].flatMap((own) => [...own.keys()]));
    const [key, own] = [...wanted].filter(([, samples]) => samples.has(first))[7];
    // There is another value at this time already: Prometheus answers 400 to any request that holds the sample.
    const body = encodeRequest([{ labels: JSON.parse(key), times: [first], values: [-1] }]);
    expect((await post(prometheus.url, body)).status).toBe(204);
    const { stderr, status } = anomaly(place, "serve", "--once", "--write", `prometheus=${prometheus.url}`);
    expect(status).toBe(0);
    expect(stderr).toMatch(
      /1 sample dropped \(refused\): \{__name__="anomaly_\w+".*: 400: .*(duplicate|out of order) sample/,
    );
    own.set(first, -1);
    expect(differences(await inPrometheus(prometheus.url), wanted)).toEqual([]);
  });

  test("export fills an empty Prometheus, and promtool makes blocks of its text", async () => {
    const prometheus = await started(startPrometheus([]));
    const place = openPlace(ROWS);
    const done = anomaly(place, "export", "--from", "2025-06-20", "--write", `prometheus=${prometheus.url}`);
    expect(done.status).toBe(0);
    const wanted = replayed(place);
    expect(differences(await inPrometheus(prometheus.url), wanted)).toEqual([]);
    expect(anomaly(place, "export", "--from", "2025-06-20", "-o", "scores.txt").status).toBe(0);
    const args = ["tsdb", "create-blocks-from", "openmetrics", "scores.txt", "blocks"];
    const { stdout, status } = spawnSync("promtool", args, { cwd: place.folder, encoding: "utf8" });
    expect(status).toBe(0);
    // BLOCK ULID, MIN TIME, MAX TIME, DURATION, NUM SAMPLES …
    const blocks = stdout.trim().split("\n").slice(1);
    const samples = blocks.map((line) => Number(line.split(/\s+/)[4]));
    expect(samples.reduce((sum, n) => sum + n, 0)).toBe(countOf(wanted));
  });

  test("an address where nothing takes samples is named, and nothing is retried for ever", () => {
    const place = openPlace(ROWS);
    const done = anomaly(place, "serve", "--once", "--write", "prometheus=http://127.0.0.1:1");
    expect(done.stderr).toMatch(/prometheus 127\.0\.0\.1:1: .* refused the connection/);
    expect(done.status).toBe(0);
    // What was not taken waits for the next run.
    const [queue] = readdirSync(join(place.folder, "out/write")).filter((name) => name.startsWith("prometheus-"));
    expect(readdirSync(join(place.folder, "out/write", queue)).length).toBeGreaterThan(0);
  });
});

function post(url: string, body: Uint8Array) {
  return fetch(`${url}/api/v1/write`, { method: "POST", headers: WRITE_HEADERS, body });
}

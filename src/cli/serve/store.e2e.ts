import { spawnSync } from "node:child_process";
import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { AnomalyRecord } from "../../records/record.js";
import type { ChangeRow, EpisodeRow, EventRow, RunRow } from "../../store/rows.js";
import { ensureBuilt, freshFolder } from "../testing/built.js";
import { eventually, type RunningServe, startServe } from "./testing/running-serve.js";

const READ = "r".repeat(20);
const WRITE = "w".repeat(20);
/** Older ones are dropped some day. */
const YESTERDAY = `${new Date(Date.now() - 86_400_000).toISOString().slice(0, 19)}Z`;

/** Two weeks of a daily wave on two machines up to now, both ten times as high for the last hour. */
function spikesUpToNow(): string {
  const stepMs = 20 * 60_000;
  const endMs = Math.floor(Date.now() / stepMs) * stepMs;
  const rows = Array.from({ length: 14 * 72 }, (_, i) => {
    const atMs = endMs - (14 * 72 - i) * stepMs;
    const usual = 10 + 3 * Math.sin((2 * Math.PI * i) / 72) + ((i * 7919) % 13) / 13;
    const value = (i < 14 * 72 - 3 ? usual : 10 * usual).toFixed(4);
    return `${new Date(atMs).toISOString()},${value},${value}`;
  });
  return `time,n1,n2\n${rows.join("\n")}\n`;
}

describe("the store of serve", { timeout: 600_000 }, () => {
  let place: { folder: string; path: string };
  let serve: RunningServe;

  const anomaly = (...args: string[]) => {
    const done = spawnSync("anomaly", args, { cwd: place.folder, env: { PATH: place.path }, encoding: "utf8" });
    expect(done.status, done.stderr).toBe(0);
    return done.stdout;
  };
  const rows = () =>
    anomaly("store", "export")
      .trim()
      .split("\n")
      .slice(1)
      .map((line): { table: string; row: unknown } => JSON.parse(line));
  const rowsOf = <R>(table: string) => rows().flatMap((one) => (one.table === table ? [one.row as R] : []));
  const start = () => startServe(place, ["--credentials-file", "credentials"]);
  const headers = (token: string) => ({ authorization: `Bearer ${token}` });
  const ready = () => eventually(async () => ((await serve.get("/readyz")).status === 200 ? true : undefined));

  const episodes = async (): Promise<readonly AnomalyRecord[]> =>
    JSON.parse((await serve.get("/api/v1/episodes?limit=1000", headers(READ))).text).data;

  beforeAll(async () => {
    ensureBuilt();
    place = freshFolder();
    writeFileSync(
      join(place.folder, "anomaly.yaml"),
      "jobs:\n  live:\n    data: data/fleet/live\n    detector: residual\n    lookback: 4d\n    every: 1s\n  now:\n    data: now.csv\n    detector: residual\n    every: 1s\n",
    );
    writeFileSync(join(place.folder, "now.csv"), spikesUpToNow());
    writeFileSync(join(place.folder, "credentials"), `token read ${READ}\ntoken write ${WRITE}\n`);
    mkdirSync(join(place.folder, "out/state"));
    writeFileSync(
      join(place.folder, "out/state/verdicts.ndjson"),
      `{"id":"0011223344556677","job":"live","verdict":"false","at":"${YESTERDAY}"}\n{"id":"to`,
    );
    serve = await start();
    await ready();
  }, 600_000);
  afterAll(async () => {
    await serve?.end();
    if (place !== undefined) rmSync(place.folder, { recursive: true });
  });

  test("has the episodes that the API shows, each opened once, and how runs went, also after kill -9", async () => {
    const liveRuns = () => rowsOf<RunRow>("runs").filter(({ job }) => job === "live");
    await eventually(() => (liveRuns().length > 0 ? true : undefined));
    await serve.end("SIGKILL");
    serve = await start();
    await ready();
    // A run's row is stored after its episodes: with one more of the job, all of its episodes are there.
    const before = liveRuns().length;
    await eventually(() => (liveRuns().length > before ? true : undefined));
    const shown = (await episodes()).filter(({ job }) => job === "live");
    const stored = rowsOf<EpisodeRow>("episodes").filter(({ job }) => job === "live");
    const { detected_at: _, ...newest } = shown[0];
    expect(stored.map(({ id }) => id).sort()).toEqual(shown.map(({ id }) => id).sort());
    expect(stored.find(({ id }) => id === newest.id)).toMatchObject({ job: "live", record: newest });
    const opened = rowsOf<ChangeRow>("changes").filter(
      ({ change, episode }) => change === "opened" && stored.some(({ id }) => id === episode),
    );
    expect(opened.map(({ episode }) => episode).sort()).toEqual(shown.map(({ id }) => id).sort());
    expect(liveRuns()[0]).toMatchObject({ series: 18, failure: null });
    expect(JSON.parse(anomaly("history", "--json", "--match", "job=live"))).toHaveLength(shown.length);
    anomaly("store", "check");
  });

  test("takes over the verdicts of before there was one, but for a line that was never finished", () => {
    expect(anomaly("verdict", "export")).toBe(
      `{"id":"0011223344556677","job":"live","verdict":"false","author":null,"note":null,"at":"${YESTERDAY}"}\n`,
    );
  });

  test("takes an event from a pipeline that may write, and says what is wrong with others", async () => {
    const post = (body: unknown, token = WRITE) =>
      fetch(`${serve.address}/api/v1/events`, {
        method: "POST",
        headers: { ...headers(token), "content-type": "application/json" },
        body: JSON.stringify(body),
      });
    const made = await post({ kind: "deploy", match: ["machine=n2*"], note: "web-1.42", from: "2099-01-01T10:00:00Z" });
    expect(made.status).toBe(201);
    const { data } = (await made.json()) as { data: EventRow };
    expect(data).toMatchObject({ until: "2099-01-01T11:00:00Z", source: "api", note: "web-1.42" });
    expect(JSON.parse(anomaly("event", "list", "--json"))).toEqual([data]);
    expect(JSON.parse((await serve.get("/api/v1/events", headers(READ))).text).data).toEqual([data]);
    expect((await post({ kind: "deploy" }, READ)).status).toBe(403);
    for (const [body, words] of [
      [{ kind: "party" }, /^kind: /],
      [{ kind: "maintenance" }, /^until: a maintenance needs an end after /],
      [{ kind: "deploy", untill: "2099-01-01T10:00:00Z" }, /untill/],
      [{ kind: "deploy", match: ["machine"] }, /^match: "machine" is no matcher/],
      [{ kind: "deploy", match: ["machine=~(a+)+"] }, /holds a regular expression; use = or != with \* and \?/],
    ] as const) {
      const refused = await post(body);
      expect([refused.status, ((await refused.json()) as { error: string }).error]).toEqual([
        400,
        expect.stringMatching(words),
      ]);
    }
  });

  test("names events in what the next run finds, of the series that they match", async () => {
    const post = (body: unknown) =>
      fetch(`${serve.address}/api/v1/events`, {
        method: "POST",
        headers: { ...headers(WRITE), "content-type": "application/json" },
        body: JSON.stringify(body),
      });
    const at = (hours: number) => new Date(Date.now() + hours * 3_600_000).toISOString();
    await post({ kind: "deploy", match: ["machine=n2"], from: at(-1.5), until: at(1), note: "web-1.43" });
    await post({ kind: "maintenance", match: ["machine=n1"], from: at(-5), until: at(5), note: "swap" });
    const newest = async (machine: string) =>
      (await episodes()).find((one) => one.job === "now" && one.machine === machine && one.status === "open");
    const suppressed = await eventually(async () => {
      const one = await newest("n1");
      return one?.suppressed_by === undefined ? undefined : one;
    });
    expect(suppressed.suppressed_by).toMatchObject({ kind: "maintenance", note: "swap" });
    const deployed = await newest("n2");
    expect(deployed?.suppressed_by).toBeUndefined();
    expect(deployed?.likely_cause).toMatch(/^(at|\d+m after) deploy web-1\.43$/);
    const kept = await eventually(() => {
      const [one] = JSON.parse(anomaly("history", "--json", "--match", "job=now", "--match", "machine=n1", "--open"));
      return one?.record.suppressed_by;
    });
    expect(kept).toMatchObject({ note: "swap" });
  });
});

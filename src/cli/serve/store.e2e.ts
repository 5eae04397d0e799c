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

describe("the store of serve", { timeout: 300_000 }, () => {
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

  beforeAll(async () => {
    ensureBuilt();
    place = freshFolder();
    writeFileSync(
      join(place.folder, "anomaly.yaml"),
      "jobs:\n  live:\n    data: data/fleet/live\n    detector: residual\n    lookback: 4d\n    every: 1s\n",
    );
    writeFileSync(join(place.folder, "credentials"), `token read ${READ}\ntoken write ${WRITE}\n`);
    mkdirSync(join(place.folder, "out/state"));
    writeFileSync(
      join(place.folder, "out/state/verdicts.ndjson"),
      `{"id":"0011223344556677","job":"live","verdict":"false","at":"${YESTERDAY}"}\n{"id":"to`,
    );
    serve = await start();
    await ready();
  }, 300_000);
  afterAll(async () => {
    await serve?.end();
    if (place !== undefined) rmSync(place.folder, { recursive: true });
  });

  test("has the episodes that the API shows, each opened once, and how runs went, also after kill -9", async () => {
    await eventually(() => (rowsOf<RunRow>("runs").length > 0 ? true : undefined));
    serve.child.kill("SIGKILL");
    serve = await start();
    await ready();
    const before = rowsOf<RunRow>("runs").length;
    await eventually(() => (rowsOf<RunRow>("runs").length > before + 1 ? true : undefined));
    const shown: AnomalyRecord[] = JSON.parse(
      (await serve.get("/api/v1/episodes?limit=1000", headers(READ))).text,
    ).data;
    const episodes = rowsOf<EpisodeRow>("episodes");
    const { detected_at: _, ...newest } = shown[0];
    expect(episodes.map(({ id }) => id).sort()).toEqual(shown.map(({ id }) => id).sort());
    expect(episodes.find(({ id }) => id === newest.id)).toMatchObject({ job: "live", record: newest });
    const opened = rowsOf<ChangeRow>("changes").filter(({ change }) => change === "opened");
    expect(opened.map(({ episode }) => episode).sort()).toEqual(shown.map(({ id }) => id).sort());
    expect(rowsOf<RunRow>("runs")[0]).toMatchObject({ job: "live", series: 18, failure: null });
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
});

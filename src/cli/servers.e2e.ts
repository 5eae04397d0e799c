import { spawn } from "node:child_process";
import { readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { judgeIncidents } from "../evaluate/incidents.js";
import type { AnomalyRecord, HydratedRecord } from "../records/record.js";
import { DEFAULT_FLEET } from "../simulate/options.js";
import { type Fleet, simulateFleet } from "../simulate/simulate.js";
import { type GrafanaStandIn, startGrafanaStandIn } from "../sources/testing/grafana-standin.js";
import { type GraphiteServer, graphiteAvailable, startGraphite } from "../sources/testing/graphite-server.js";
import { DAY_MS } from "../time/duration.js";
import type { ExampleServer } from "./commands/spec.js";
import { COMMANDS } from "./commands/table.js";
import { ensureBuilt, freshFolder } from "./testing/built.js";

const STEP_MS = 1_200_000;
const LIVE_DAYS = 3;
const HISTORY_DAYS = 24;

describe.skipIf(!graphiteAvailable())("against a real Graphite (skipped where graphite-web is not installed)", () => {
  let graphite: GraphiteServer;
  let grafana: GrafanaStandIn;
  let fleet: Fleet;
  let place: ReturnType<typeof freshFolder>;
  /** The live days end with the newest whole slot, as they would where the fleet is running. */
  const nowMs = Math.floor(Date.now() / STEP_MS) * STEP_MS;
  const liveFromMs = nowMs - LIVE_DAYS * DAY_MS;

  beforeAll(async () => {
    ensureBuilt();
    place = freshFolder({ data: false });
    graphite = await startGraphite({ retentions: "20m:40d" });
    grafana = await startGrafanaStandIn(graphite.url, "glsa_e2e", "graphite");
    fleet = simulateFleet({
      ...DEFAULT_FLEET,
      seed: 11,
      machines: 3,
      historyDays: HISTORY_DAYS,
      liveDays: LIVE_DAYS,
      incidentsPerKind: 1,
      startMs: liveFromMs - HISTORY_DAYS * DAY_MS,
    });
    await graphite.writeHistories(
      fleet.history.map(({ labels, startMs, values }, i) => ({
        path: `fleet.${labels["machine"]}.${labels["aggregator"]}`,
        startS: startMs / 1000,
        stepS: STEP_MS / 1000,
        values: [...values, ...fleet.live[i].values].map((value) => (Number.isNaN(value) ? null : value)),
      })),
    );
    // What a person would download: Graphite's own CSV of the months before.
    const query = new URLSearchParams({ target: "fleet.*.*", format: "csv", tz: "UTC" });
    query.set("from", String((liveFromMs - HISTORY_DAYS * DAY_MS) / 1000));
    query.set("until", String(liveFromMs / 1000));
    const reply = await fetch(`${graphite.url}/render`, { method: "POST", body: query });
    writeFileSync(join(place.folder, "history.csv"), await reply.text());
    const trained = await sh("anomaly train history.csv");
    expect(trained.status, trained.stderr).toBe(0);
  }, 600_000);

  afterAll(async () => {
    await grafana?.stop();
    await graphite?.stop();
    if (place !== undefined) rmSync(place.folder, { recursive: true });
  });

  /** Not spawnSync: the stand-in for Grafana lives in this process and must be able to answer. */
  function sh(line: string, env: Readonly<Record<string, string>> = {}) {
    const child = spawn("bash", ["-o", "pipefail", "-c", line], {
      cwd: place.folder,
      env: {
        PATH: place.path,
        HOME: place.folder,
        GRAPHITE_URL: graphite.url,
        GRAFANA_URL: grafana.url,
        GRAFANA_SERVICE_ACCOUNT_TOKEN: grafana.token,
        ...env,
      },
      stdio: ["ignore", "pipe", "pipe"],
    });
    let [stdout, stderr] = ["", ""];
    child.stdout.on("data", (chunk) => {
      stdout += chunk;
    });
    child.stderr.on("data", (chunk) => {
      stderr += chunk;
    });
    return new Promise<{ status: number | null; stdout: string; stderr: string }>((done) =>
      child.once("close", (status) => done({ status, stdout, stderr })),
    );
  }

  const parse = <T>(text: string) =>
    text
      .trimEnd()
      .split("\n")
      .map((line) => JSON.parse(line) as T);
  const TEMPLATE = "--template 'fleet.{machine}.{aggregator}'";
  /** As of the end of the data, however long the test takes to get there. */
  const AT = `--at ${new Date(nowMs).toISOString()}`;

  test("finds the incidents of the live days, hydrates and draws them", async () => {
    const chain = `anomaly infer --source graphite ${TEMPLATE} --lookback ${LIVE_DAYS}d ${AT} --state-dir out/s1 -o - |
      tee records.ndjson | anomaly hydrate --source graphite ${AT} | tee hydrated.ndjson | anomaly plot -o pictures`;
    const run = await sh(chain);
    expect(run.status, run.stderr).toBe(0);
    const records = parse<AnomalyRecord>(readFileSync(join(place.folder, "records.ndjson"), "utf8"));
    const judgement = judgeIncidents(records, fleet.truth, { toleranceMs: STEP_MS });
    expect(judgement.recall).toBeGreaterThanOrEqual(0.8);
    for (const { target, labels } of records) {
      expect(target).toBe(`fleet.${labels["machine"]}.${labels["aggregator"]}`);
    }
    const hydrated = parse<HydratedRecord>(readFileSync(join(place.folder, "hydrated.ndjson"), "utf8"));
    expect(hydrated.map(({ id }) => id)).toEqual(records.map(({ id }) => id));
    expect(hydrated.every(({ context, hydrate_error }) => context !== null && hydrate_error === undefined)).toBe(true);
    const pictures = readdirSync(join(place.folder, "pictures")).filter((name) => name.endsWith(".png"));
    expect(pictures).toHaveLength(records.length + 1);
  }, 600_000);

  test("Grafana's proxy in front of it gives the same records", async () => {
    const ids = async (source: string) => {
      const run = await sh(
        `anomaly infer ${source} ${TEMPLATE} ${AT} --lookback 2d -q --state-dir out/${source.length} -o -`,
      );
      expect(run.status, run.stderr).toBe(0);
      return parse<AnomalyRecord>(run.stdout).map(({ id, score, series }) => ({ id, score, series }));
    };
    const direct = await ids("--source graphite");
    expect(direct.length).toBeGreaterThan(0);
    expect(await ids("--source grafana --datasource-uid graphite")).toEqual(direct);
  }, 600_000);

  test.each(["graphite", "grafana"] as const satisfies readonly ExampleServer[])(
    "the examples of the help that need %s work",
    async (server) => {
      await sh(`anomaly infer --source graphite ${TEMPLATE} -o out/anomalies.ndjson --state-dir out/s2`);
      const lines = Object.values(COMMANDS).flatMap(({ examples }) =>
        examples.filter(({ needs }) => needs === server).map(({ line }) => line),
      );
      expect(lines.length).toBeGreaterThan(0);
      for (const line of lines) {
        const run = await sh(line);
        expect(run.status, `${line}\n${run.stderr}`).toBe(0);
      }
    },
    600_000,
  );

  test("doctor shows what it found, warns of a token that can write, and fails where nothing answers", async () => {
    const asked = `--source grafana --datasource-uid graphite ${TEMPLATE} --json`;
    const verdicts = async (env = {}) => {
      const run = await sh(`anomaly doctor ${asked}`, env);
      const findings: { check: string; verdict: string; says: string }[] = JSON.parse(run.stdout);
      return { run, ...Object.fromEntries(findings.map(({ check, verdict }) => [check, verdict])) };
    };
    const reader = {
      reachable: "ok",
      rights: "ok",
      clock: "ok",
      series: "ok",
      step: "ok",
      counters: "ok",
      archives: "ok",
    };
    expect(await verdicts()).toMatchObject({ ...reader, run: { status: 0 } });
    const writer = await startGrafanaStandIn(graphite.url, "glsa_writer", "graphite", {
      routes: (path) =>
        path.endsWith("/permissions")
          ? { status: 200, body: { "datasources:query": ["*"], "dashboards:write": ["*"] } }
          : undefined,
    });
    const env = { GRAFANA_URL: writer.url, GRAFANA_SERVICE_ACCOUNT_TOKEN: writer.token };
    expect(await verdicts(env)).toMatchObject({ ...reader, rights: "warning", run: { status: 0 } });
    await writer.stop();
    const gone = await verdicts(env);
    expect(gone).toMatchObject({ reachable: "failed", series: "failed", run: { status: 1 } });
    expect(gone.run.stdout + gone.run.stderr).not.toContain(writer.token);
  }, 600_000);

  test("init writes jobs from a dashboard that train and infer then run", async () => {
    const panel = {
      title: "Lag",
      datasource: { uid: "graphite" },
      targets: [{ refId: "A", target: "fleet.$server.*" }],
    };
    const boards = await startGrafanaStandIn(graphite.url, "glsa_boards", "graphite", {
      routes: (path) =>
        path === "/api/dashboards/uid/abc" ? { status: 200, body: { dashboard: { panels: [panel] } } } : undefined,
    });
    const env = { GRAFANA_URL: boards.url, GRAFANA_SERVICE_ACCOUNT_TOKEN: boards.token };
    const lines = [
      "anomaly init --from-dashboard abc",
      "anomaly train --job lag --from -20d",
      "anomaly infer --job lag -o - --state-dir out/lag",
    ];
    for (const line of lines) {
      const run = await sh(line, env);
      expect(run.status, `${line}\n${run.stderr}`).toBe(0);
    }
    expect((await sh("anomaly init --from-dashboard abc", env)).stderr).toMatch(/anomaly\.yaml already exists/);
    expect((await sh("anomaly init --from-dashboard nothing --force", env)).status).toBe(1);
    rmSync(join(place.folder, "anomaly.yaml"));
    await boards.stop();
  }, 600_000);

  test("a machine that is gone from the source is reported, and so is a template that matches nothing", async () => {
    const run = await sh(`anomaly infer --source graphite ${TEMPLATE} --var machine=n999 --state-dir out/s3 -o -`);
    expect(run.status).toBe(1);
    expect(run.stderr).toMatch(/no_data/);
    expect(run.stderr).toMatch(/no data: .*Graphite at 127\.0\.0\.1:\d+\//);
  });

  test("a token that is refused is one sentence that names the variable, and never the token", async () => {
    const line = `anomaly infer --source grafana --datasource-uid graphite ${TEMPLATE} --state-dir out/s4 -o -`;
    const run = await sh(line, { GRAFANA_SERVICE_ACCOUNT_TOKEN: "glsa_wrong_token" });
    expect(run.status).toBe(1);
    expect(run.stderr).toContain("GRAFANA_SERVICE_ACCOUNT_TOKEN");
    expect(run.stderr).not.toContain("glsa_wrong_token");
  });

  test("a server that is not there is one sentence with its address", async () => {
    const run = await sh(`anomaly infer --source graphite ${TEMPLATE} --timeout 2s --state-dir out/s5 -o -`, {
      GRAPHITE_URL: "http://127.0.0.1:9",
    });
    expect(run.status).toBe(1);
    expect(run.stderr).toContain("127.0.0.1:9");
    expect(run.stderr).not.toMatch(/\n\s+at /);
  });
});

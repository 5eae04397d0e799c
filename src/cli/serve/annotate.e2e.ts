import { rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { annotationsApi } from "../../sources/testing/grafana-annotations.js";
import { type GrafanaStandIn, startGrafanaStandIn } from "../../sources/testing/grafana-standin.js";
import { ensureBuilt, freshFolder } from "../testing/built.js";
import { eventually, type RunningServe, startServe } from "./testing/running-serve.js";

const JOBS = `jobs:
  young:
    data: data/fleet/live
    detector: residual
    lookback: 4d
    every: 1s
    dashboard-uid: board
`;

const running: RunningServe[] = [];
const grafanas: GrafanaStandIn[] = [];
const folders: string[] = [];

beforeAll(ensureBuilt);
afterEach(async () => {
  for (const one of running) if (one.child.exitCode === null && one.child.signalCode === null) await one.end("SIGKILL");
  for (const one of grafanas.splice(0)) await one.stop();
});
afterAll(() => {
  for (const folder of folders) rmSync(folder, { recursive: true });
});

async function open() {
  const place = freshFolder();
  folders.push(place.folder);
  writeFileSync(join(place.folder, "anomaly.yaml"), JOBS);
  const annotations = annotationsApi();
  const grafana = await startGrafanaStandIn(undefined, undefined, undefined, { routes: annotations.route });
  grafanas.push(grafana);
  writeFileSync(join(place.folder, "token"), `${grafana.token}\n`, { mode: 0o600 });
  const start = async () => {
    const serve = await startServe(place, ["--annotate", "--grafana-url", grafana.url], {
      GRAFANA_SERVICE_ACCOUNT_TOKEN_FILE: "token",
    });
    running.push(serve);
    return serve;
  };
  return { annotations, start };
}

/** How many episodes there are, once as many are in Grafana and none waits to be. */
async function settled(serve: RunningServe, stored: () => readonly unknown[]): Promise<number> {
  await eventually(async () => ((await serve.get("/readyz")).status === 200 ? true : undefined));
  const { total } = JSON.parse((await serve.get("/api/v1/episodes?limit=1")).text);
  await eventually(async () => {
    const { text } = await serve.get("/metrics");
    return stored().length >= total && /^anomaly_annotations_waiting 0$/m.test(text) ? true : undefined;
  });
  return total;
}

describe("serve --annotate", { timeout: 600_000 }, () => {
  test("each episode is one region on the job's dashboard, also after kill -9 and a restart", async () => {
    const { annotations, start } = await open();
    const first = await start();
    // In the middle of it.
    await eventually(() => (annotations.stored().length > 0 ? true : undefined));
    await first.end("SIGKILL");
    const second = await start();
    const total = await settled(second, annotations.stored);
    expect(total).toBeGreaterThan(3);
    const ids = annotations.stored().map(({ tags }) => tags.find((tag) => tag.startsWith("anomaly-id:")));
    expect(new Set(ids).size).toBe(ids.length);
    expect(ids).toHaveLength(total);
    const episodes = JSON.parse((await second.get("/api/v1/episodes?limit=1000")).text).data;
    const wanted = episodes.map((one: { id: string; start: string; end: string }) => [
      `anomaly-id:${one.id}`,
      Date.parse(one.start),
      Date.parse(one.end),
      "board",
    ]);
    const there = annotations
      .stored()
      .map(({ tags, time, timeEnd, dashboardUID }) => [tags[1], time, timeEnd, dashboardUID]);
    expect(there.sort()).toEqual(wanted.sort());
    expect((await second.end()).status).toBe(0);
  });

  test("a token that may not write is named once, and the annotations come when it may", async () => {
    const { annotations, start } = await open();
    annotations.forbidden = true;
    const serve = await start();
    await serve.logged(/annotations: .*403.*role Editor/);
    annotations.forbidden = false;
    const total = await settled(serve, annotations.stored);
    expect(annotations.stored()).toHaveLength(total);
    expect(serve.log().match(/role Editor/g)).toHaveLength(1);
  });
});

import { type SpawnSyncReturns, spawn } from "node:child_process";
import { rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { type ReceivingEnd, receivingEnd } from "../../alert/testing/receiving.js";
import { testRecord } from "../../records/testing/record.js";
import type { DeliveryRow } from "../../store/rows.js";
import { eventually, eventuallyHolds, startServe } from "../serve/testing/running-serve.js";
import { ensureBuilt, freshFolder } from "../testing/built.js";

const NOW = "2025-07-01T12:00:00Z";
const open = testRecord({ id: "0123456789abcdef", start: "2025-07-01T10:00:00Z", end: "2025-07-01T11:40:00Z" });
const over = { ...open, status: "closed" };

let place: { folder: string; path: string };
let end: ReceivingEnd;
beforeAll(async () => {
  ensureBuilt();
  place = freshFolder();
  end = await receivingEnd();
});
afterAll(async () => {
  await end.close();
  rmSync(place.folder, { recursive: true, force: true });
});
beforeEach(() => {
  end.taken.length = 0;
  end.answer = () => ({});
  rmSync(join(place.folder, "out"), { recursive: true, force: true });
});

/** Not synchronous: the receiving end is in this process. */
function anomaly(
  args: readonly string[],
  input = "",
  env = {},
): Promise<Pick<SpawnSyncReturns<string>, "status" | "stdout" | "stderr">> {
  return new Promise((done, refuse) => {
    const child = spawn("anomaly", args, { cwd: place.folder, env: { PATH: place.path, ...env } });
    let [stdout, stderr] = ["", ""];
    child.stdout.setEncoding("utf8").on("data", (text: string) => {
      stdout += text;
    });
    child.stderr.setEncoding("utf8").on("data", (text: string) => {
      stderr += text;
    });
    child.once("error", refuse);
    child.once("close", (status) => done({ status, stdout, stderr }));
    child.stdin.on("error", () => {});
    child.stdin.end(input);
  });
}

const write = (yaml: string) => writeFileSync(join(place.folder, "anomaly.yaml"), yaml);
const hook = () => `alerts:
  receivers:
    hook: {kind: webhook, url: "${end.url}"}
    dead: {kind: webhook, url: "http://127.0.0.1:1/"}
  routes:
    - {name: all, receivers: [hook]}
    - {name: never, match: [machine=nobody], receivers: [dead]}
`;
const lines = (...records: readonly object[]) => records.map((record) => `${JSON.stringify(record)}\n`).join("");
const stages = () => end.taken.map(({ json }) => json["stage"]);

describe("anomaly alert", () => {
  test("says an episode once, its end once, and lists both", async () => {
    write(hook());
    const first = await anomaly(["alert", "--at", NOW], lines(open));
    expect([first.status, first.stdout]).toEqual([0, ""]);
    await anomaly(["alert", "--at", "2025-07-01T12:05:00Z"], lines(open));
    expect(stages()).toEqual(["open"]);
    await anomaly(["alert", "--at", "2025-07-01T12:10:00Z"], lines(over));
    await anomaly(["alert", "--at", "2025-07-01T12:20:00Z"], lines(over));
    await anomaly(["alert", "--at", "2025-07-01T12:30:00Z"], lines(over));
    expect(stages()).toEqual(["open", "close"]);
    const { stdout } = await anomaly(["alert", "log", "--json"]);
    const rows: readonly DeliveryRow[] = JSON.parse(stdout);
    expect(rows.map(({ state, receiver }) => `${receiver} ${state}`)).toEqual(["hook delivered", "hook delivered"]);
    expect((await anomaly(["alert", "log"])).stdout).toMatch(/delivered/);
  });

  test("dry-run prints the message, sends nothing and remembers nothing", async () => {
    write(hook());
    const dry = await anomaly(["alert", "--dry-run", "--at", NOW], lines(open));
    expect(dry.stdout).toContain('"title": "n1 a: spike up"');
    expect(end.taken).toEqual([]);
    await anomaly(["alert", "--at", NOW], lines(open));
    expect(stages()).toEqual(["open"]);
  });

  test("a dead receiver fails the run and holds up no other; the log has the error", async () => {
    write(hook().replace("receivers: [hook]}", "receivers: [dead, hook]}"));
    const run = await anomaly(["alert", "--at", NOW], lines(open));
    expect([run.status, stages()]).toEqual([1, ["open"]]);
    expect(run.stderr).toMatch(/not delivered: dead: 127\.0\.0\.1:1\/ refused the connection/);
    expect((await anomaly(["alert", "log"])).stdout).toMatch(/dead .* waiting .* refused the connection/);
  });

  test("what is acknowledged is neither repeated nor escalated", async () => {
    write(hook());
    await anomaly(["alert", "--at", NOW], lines(open));
    const id = String(end.taken[0].json["incident"]);
    expect((await anomaly(["alert", "ack", id])).status).toBe(0);
    await anomaly(["alert", "--at", "2025-07-01T20:00:00Z"], lines(open));
    expect(stages()).toEqual(["open"]);
    expect((await anomaly(["alert", "ack", "inc-none"])).status).toBe(2);
  });

  test("test sends one message to a route, and says so", async () => {
    write(hook());
    const sent = await anomaly(["alert", "test", "all"]);
    expect([sent.status, end.taken.map(({ json }) => json["kind"])]).toEqual([0, ["test"]]);
    expect((await anomaly(["alert", "test", "never"])).status).toBe(1);
    const unknown = await anomaly(["alert", "test", "al"]);
    expect([unknown.status, unknown.stderr]).toEqual([2, expect.stringContaining('no route "al"; did you mean all?')]);
  });

  test.each([
    [
      "receivers: [hoo]",
      /anomaly\.yaml:6:19: alerts\.routes\.0\.receivers: there is no receiver "hoo"; there are hook, dead/,
    ],
    ["receivers: [hook], grup: 3", /anomaly\.yaml:6:38: "grup" is not a setting of alerts\.routes\.0/],
    ["receivers: [hook], group_wait: soon", /anomaly\.yaml:6:38: alerts\.routes\.0\.group_wait: needs a duration/],
    ["receivers: [hook], token: x", /anomaly\.yaml:6:38: secrets do not belong in a settings file/],
    ["receivers: [hook], match: [machine]", /anomaly\.yaml:6:\d+: alerts\.routes\.0\.match.*no matcher/],
  ])("names line and column of a mistake: %s", async (wrong, message) => {
    write(hook().replace("receivers: [hook]", wrong));
    const run = await anomaly(["alert", "--at", NOW], lines(open));
    expect([run.status, run.stderr]).toEqual([2, expect.stringMatching(message)]);
  });
});

/** Two weeks of a daily wave up to now, ten times as high for the last hour. */
function spikeUpToNow(): string {
  const stepMs = 20 * 60_000;
  const endMs = Math.floor(Date.now() / stepMs) * stepMs;
  const rows = Array.from({ length: 14 * 72 }, (_, i) => {
    const usual = 10 + 3 * Math.sin((2 * Math.PI * i) / 72) + ((i * 7919) % 13) / 13;
    const value = (i < 14 * 72 - 3 ? usual : 10 * usual).toFixed(4);
    return `${new Date(endMs - (14 * 72 - i) * stepMs).toISOString()},${value}`;
  });
  return `time,n1\n${rows.join("\n")}\n`;
}

test("serve says what its runs find, once, and that a run has failed", { timeout: 600_000 }, async () => {
  writeFileSync(join(place.folder, "now.csv"), spikeUpToNow());
  write(`jobs:
  now: {data: now.csv, detector: residual, every: 1s}
  broken: {data: missing.csv, detector: residual, every: 1s}
alerts:
  receivers:
    hook: {kind: webhook, url: "${end.url}"}
  routes:
    - {name: tool, match: [status=run_failed], receivers: [hook], group_wait: 1s}
    - {name: all, receivers: [hook], group_wait: 1s}
`);
  const serve = await startServe(place);
  try {
    const titles = () => end.taken.map(({ json }) => `${json["route"]} ${json["title"]}`).sort();
    await eventually(() => (end.taken.length >= 2 ? true : undefined));
    expect(titles()[1]).toMatch(/^tool job broken: run failed/);
    expect(titles()[0]).toMatch(/^all n1/);
    const alerts = JSON.parse((await serve.get("/api/v1/alerting/incidents")).text).data;
    expect(alerts.length).toBe(2);
    // The receiver has a message before its delivery is stored, and it is stored before it is counted.
    const sent = await eventually(async () => {
      const { data } = JSON.parse((await serve.get("/api/v1/alerting/deliveries?state=delivered")).text);
      return data.length === 2 ? data : undefined;
    });
    expect(sent[0]).toMatchObject({ receiver: "hook", stage: "open", state: "delivered" });
    await eventuallyHolds(async () => {
      const metrics = (await serve.get("/metrics")).text;
      expect(metrics).toMatch(/anomaly_alert_queue_length\{receiver="hook"\} 0/);
      expect(metrics).toMatch(/anomaly_alert_deliveries_total\{receiver="hook",outcome="delivered"\} 2/);
      expect(metrics).toMatch(/anomaly_alert_incidents_open 2/);
    });
  } finally {
    await serve.end();
  }
  expect(end.taken.length).toBe(2);
});

test("serve --once sends what is due, and what is said already not again", { timeout: 600_000 }, async () => {
  writeFileSync(join(place.folder, "now.csv"), spikeUpToNow());
  write(`jobs:
  now: {data: now.csv, detector: residual, every: 1h}
  broken: {data: missing.csv, detector: residual, every: 1h}
alerts:
  receivers:
    hook: {kind: webhook, url: "${end.url}"}
  routes:
    - {name: tool, match: [status=run_failed], receivers: [hook]}
    - {name: all, receivers: [hook]}
`);
  expect((await anomaly(["serve", "--once"])).status).toBe(1);
  expect(end.taken.map(({ json }) => `${json["route"]} ${json["stage"]}`).sort()).toEqual(["all open", "tool open"]);
  expect((await anomaly(["serve", "--once"])).status).toBe(1);
  expect(end.taken).toHaveLength(2);
});

test("serve takes changed alerts at SIGHUP, keeps the old ones when they are wrong, and says nothing twice", {
  timeout: 600_000,
}, async () => {
  writeFileSync(join(place.folder, "now.csv"), spikeUpToNow());
  const jobs = `jobs:
  now: {data: now.csv, detector: residual, every: 1s}
  broken: {data: missing.csv, detector: residual, every: 1h}
`;
  const alerts = (receivers: string, routes: string) => `${jobs}alerts:
  receivers: {hook: {kind: webhook, url: "${end.url}/hook"}, ${receivers}}
  routes:
${routes}
`;
  const said = () => end.taken.map(({ path, json }) => `${path} ${json["route"]} ${json["stage"]}`).sort();
  write(jobs);
  const serve = await startServe(place);
  const reload = async (yaml: string, words: RegExp) => {
    write(yaml);
    serve.child.kill("SIGHUP");
    await serve.logged(words);
  };
  try {
    await eventually(async () => ((await serve.get("/readyz")).status === 200 ? true : undefined));
    // The first settings come with a reload.
    const all = "    - {name: all, receivers: [hook, dead], group_wait: 0s}";
    const dead = 'dead: {kind: webhook, url: "http://127.0.0.1:1/"}';
    await reload(alerts(dead, all), /settings reloaded/);
    await eventually(() => (end.taken.length === 1 ? true : undefined));
    await serve.logged(/alerts: dead: .*it is tried again/);

    await reload(
      alerts(dead, all.replace("hook,", "hok,")),
      /not reloaded, those before stay: .*there is no receiver "hok"/,
    );

    const tool = "    - {name: tool, match: [status=run_failed], receivers: [other], group_wait: 0s}";
    const other = `other: {kind: webhook, url: "${end.url}/other"}`;
    const changed = alerts(other, `${all.replace(", dead", "")}\n${tool}`);
    // Failed by the reload, or by a try that was just beginning.
    await reload(changed, /alerts: dead: anomaly\.yaml has no receiver "dead" any more/);
    await eventually(() => (end.taken.length === 2 ? true : undefined));
    await eventuallyHolds(async () => {
      const { data } = JSON.parse((await serve.get("/api/v1/alerting/deliveries?state=failed")).text);
      expect(data).toMatchObject([{ receiver: "dead", last_error: 'anomaly.yaml has no receiver "dead" any more' }]);
      const metrics = (await serve.get("/metrics")).text;
      expect(metrics).toMatch(/anomaly_alert_deliveries_total\{receiver="dead",outcome="failed"\} 1/);
      expect(metrics).toMatch(/anomaly_alert_queue_length\{receiver="other"\} 0/);
      expect(metrics).not.toMatch(/anomaly_alert_queue_length\{receiver="dead"\}/);
    });

    // What is open is known by its route: it is not said again when the section comes back.
    await reload(jobs, /(settings reloaded[\s\S]*){3}/);
    await reload(changed, /(settings reloaded[\s\S]*){4}/);
    const runs = async () =>
      Number(/anomaly_runs_total\{job="now",outcome="ok"\} (\d+)/.exec((await serve.get("/metrics")).text)?.[1]);
    const before = await runs();
    await eventually(async () => ((await runs()) >= before + 2 ? true : undefined));
  } finally {
    await serve.end();
  }
  expect(said()).toEqual(["/hook all open", "/other tool open"]);
});

import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { eventually } from "../cli/serve/testing/running-serve.js";
import type { HydratedRecord } from "../records/record.js";
import type { SeriesStatus } from "../records/status.js";
import { type FaultyProxy, type ProxyFault, startFaultyProxy } from "../sources/testing/faulty-proxy.js";
import { type Fault, type GrafanaStandIn, startGrafanaStandIn } from "../sources/testing/grafana-standin.js";
import { openPlace, type Place, parseLines } from "./testing/place.js";
import { expectSentence } from "./testing/sentence.js";

const TOKEN = "glsa_never_to_be_seen";
const PASSWORD = "correct-horse-battery";
const UID = "graphite-main";
const TEMPLATE = "fleet.{machine}.{aggregator}";
const GRAFANA = `--source grafana --datasource-uid ${UID} --template '${TEMPLATE}'`;

let place: Place;
const servers: GrafanaStandIn[] = [];
beforeAll(async () => {
  place = openPlace();
  const trained = await place.sh("anomaly train data/fleet/history -q && mkdir case");
  expect(trained.status, trained.stderr).toBe(0);
}, 600_000);
afterAll(async () => {
  place?.remove();
  await Promise.all(servers.map((server) => server.stop()));
});

/** A folder of its own for a command, and a Grafana of its own that answers all with one fault. */
async function against(name: string, fault: Fault, command: string, stdin?: string) {
  const grafana = await startGrafanaStandIn(undefined, TOKEN, UID);
  servers.push(grafana);
  grafana.failWhere(fault);
  const env = { GRAFANA_URL: grafana.url, GRAFANA_SERVICE_ACCOUNT_TOKEN: TOKEN };
  const run = await place.sh(`mkdir case/${name} && cd case/${name} && ${command} --models-dir ../../models`, {
    env,
    stdin,
  });
  const files = place.files("case", name);
  expect(`${run.stdout}${run.stderr}${files.map((file) => place.read("case", name, file)).join("")}`).not.toContain(
    TOKEN,
  );
  return { run, files, grafana };
}

const status = (code: number, body?: string): Fault => ({
  kind: "status",
  status: code,
  body,
  headers: { "retry-after": "0" },
});

describe.concurrent("infer where nothing can be fetched: status 1, one sentence, and no series is normal", () => {
  test.each<[string, Fault, RegExp]>([
    ["401", status(401), /answered 401: .*GRAFANA_SERVICE_ACCOUNT_TOKEN/],
    ["403", status(403), /answered 403: .*datasources:query/],
    [
      "404",
      status(404, '{"message":"Unable to find datasource","traceID":""}'),
      /answered 404: .*no data source with the uid graphite-main/,
    ],
    ["429", status(429), /answered 429: too many requests/],
    ["502", status(502), /data source graphite-main behind it is not available/],
    ["html", { kind: "html" }, /web page instead of JSON/],
    ["time-out", { kind: "silent" }, /did not answer within 0\.5 s/],
    ["reset", { kind: "reset" }, /closed the connection/],
  ])("%s: records and memory stay as they were", async (name, fault, says) => {
    // Only silence is waited for; all else must not be taken for silence on a machine that is busy.
    const timeout = fault.kind === "silent" ? "500ms" : "30s";
    const { run, files } = await against(name, fault, `anomaly infer ${GRAFANA} --timeout ${timeout} -o out/a.ndjson`);
    expectSentence(run, 1, says);
    expect(files).toEqual(["out/states.ndjson"]);
    const states = parseLines<SeriesStatus>(place.read("case", name, "out/states.ndjson"));
    expect(states).toHaveLength(18);
    for (const { state, reason } of states) expect([state, reason]).toEqual(["failed", expect.stringMatching(says)]);
  });

  test("the run's deadline: what is missing then is failed, and the run ends with it", async () => {
    const command = `anomaly infer ${GRAFANA} --deadline 700ms -o out/a.ndjson`;
    const { run } = await against("deadline", { kind: "silent" }, command);
    expectSentence(run, 1, /the run's deadline of 0\.7 s is over/);
    const states = parseLines<SeriesStatus>(place.read("case", "deadline", "out/states.ndjson"));
    expect(new Set(states.map(({ state }) => state))).toEqual(new Set(["failed"]));
  });

  test.each<[string, Fault, string, RegExp]>([
    ["500", status(500, '{"message":"boom"}'), "failed", /could not be scored: .*answered 500: .*boom/],
    ["cut-off", { kind: "cut_json" }, "failed", /could not be scored: .*JSON that is cut off/],
    ["other-json", status(200, '{"results":{}}'), "failed", /could not be scored: .*not a Graphite reply/],
    ["empty-list", { kind: "empty_list" }, "no_data", /no data: no series has a value/],
  ])("%s: each series that was requested says so", async (name, fault, state, says) => {
    const { run } = await against(name, fault, `anomaly infer ${GRAFANA} -q -o out/a.ndjson`);
    expectSentence(run, 1, says);
    expect(place.read("case", name, "out/a.ndjson")).toBe("");
    const states = parseLines<SeriesStatus>(place.read("case", name, "out/states.ndjson"));
    expect(states.map((one) => one.state)).toEqual(Array(18).fill(state));
    for (const one of states) expect(one).toMatchObject({ score: null, last_value: null, reason: expect.any(String) });
  });

  test("no server there: the sentence has the address", async () => {
    const graphite = `anomaly infer --source graphite --template '${TEMPLATE}' --models-dir ../../models -o out/a.ndjson`;
    const line = `mkdir -p case/gone && cd case/gone && ${graphite}`;
    const refused = await place.sh(line, { env: { GRAPHITE_URL: "http://127.0.0.1:1" } });
    expectSentence(refused, 1, /127\.0\.0\.1:1\/render refused the connection/);
    const unknown = await place.sh(line, { env: { GRAPHITE_URL: "http://nowhere.invalid" } });
    expectSentence(unknown, 1, /nowhere\.invalid\/render/);
    expect(place.files("case/gone")).toEqual(["out/states.ndjson"]);
  });

  test("Graphite's own 401: the password is nowhere", async () => {
    const grafana = await startGrafanaStandIn();
    servers.push(grafana);
    const env = { GRAPHITE_URL: grafana.url, GRAPHITE_USER: "ops", GRAPHITE_PASSWORD: PASSWORD };
    const line = `anomaly infer --verbose --source graphite --template '${TEMPLATE}' --models-dir ../../models -o a.ndjson`;
    const run = await place.sh(`mkdir case/basic && cd case/basic && ${line}`, { env });
    expect(run.status, run.stderr).toBe(1);
    expect(run.stderr).toContain("answered 401");
    const sent = grafana.requests[0].headers.authorization ?? "";
    expect(sent).toBe(`Basic ${Buffer.from(`ops:${PASSWORD}`).toString("base64")}`);
    for (const text of [run.stderr, place.read("case/basic/out/states.ndjson")]) {
      expect(text).not.toContain(PASSWORD);
      expect(text).not.toContain(sent.slice("Basic ".length));
    }
  });
});

describe.concurrent("hydrate where the source fails: every record is kept, in order, with nulls and why", () => {
  test.each<[string, Fault, RegExp]>([
    ["h-502", status(502), /is not available/],
    ["h-cut", { kind: "cut_json" }, /JSON that is cut off/],
    ["h-empty", { kind: "empty_list" }, /no data/i],
  ])("%s", async (name, fault, says) => {
    const found = await place.sh(
      `anomaly infer data/fleet -q --state-dir case/state-${name} --states case/${name}.s -o -`,
    );
    const { run } = await against(name, fault, `anomaly hydrate ${GRAFANA} -q -o -`, found.stdout);
    expect(run.status).toBe(1);
    expect(run.stderr).toMatch(
      /^error: 5 of 5 records could not be hydrated and are kept with nulls; the first: .*\n$/,
    );
    expect(run.stderr).toMatch(says);
    const kept = parseLines<HydratedRecord>(run.stdout);
    expect(kept.map(({ id }) => id)).toEqual(parseLines<HydratedRecord>(found.stdout).map(({ id }) => id));
    for (const record of kept) {
      expect(record).toMatchObject({ max_value: null, avg_value: null, hydrate_error: expect.stringMatching(says) });
    }
  });
});

describe.concurrent("what a server writes into its errors", () => {
  const reflecting: Fault = {
    kind: "status",
    status: 400,
    body: JSON.stringify({ message: `you sent Bearer ${TOKEN} \u001b[2J\u0007\u202etxt\u200b` }),
  };
  /** Nothing that steers a terminal or cannot be seen; a newline ends a line. */
  const UNSEEN = /[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u200b-\u200f\u202a-\u202e]/;

  test.each([
    ["text", "r-infer", "anomaly infer --verbose", "out/states.ndjson"],
    ["json", "r-infer-json", "anomaly infer --verbose --log-format json", "out/states.ndjson"],
  ])("reaches stderr (%s) and states without the token and in visible characters", async (_, name, command, states) => {
    const { run } = await against(name, reflecting, `${command} ${GRAFANA} -o out/a.ndjson`);
    expect(run.status).toBe(1);
    for (const text of [run.stderr, place.read("case", name, states)]) {
      expect(text).toContain("[redacted]");
      expect(text).not.toMatch(UNSEEN);
    }
  });

  test("reaches records without the token and in visible characters", async () => {
    const found = await place.sh("anomaly infer data/fleet -q --state-dir case/state-r --states case/r.s -o -");
    const { run } = await against("r-hydrate", reflecting, `anomaly hydrate ${GRAFANA} -q -o -`, found.stdout);
    expect(parseLines<HydratedRecord>(run.stdout)[0].hydrate_error).toMatch(
      /\[redacted\] \\u001b\[2J\\u0007\\u202etxt/,
    );
    expect(run.stdout).not.toMatch(UNSEEN);
  });
});

describe("a proxy on the way that opens no tunnel", () => {
  const graphite = `anomaly infer --source graphite --template '${TEMPLATE}' --models-dir ../../models -o out/a.ndjson`;
  const always = (fault: ProxyFault) => Array.from({ length: 100_000 }, () => fault);
  const env = (proxy: FaultyProxy) => ({
    GRAPHITE_URL: "http://graphite.invalid",
    HTTP_PROXY: proxy.url.replace("//", `//ops:${PASSWORD}@`),
  });

  test("closes: four tries, then one sentence that names it, and nothing of its password", async () => {
    const proxy = await startFaultyProxy();
    proxy.script(always("close"));
    const run = await place.sh(`mkdir case/closing && cd case/closing && ${graphite}`, { env: env(proxy) });
    expectSentence(
      run,
      1,
      /the proxy 127\.0\.0\.1:\d+ closed the connection before it had opened one to graphite\.invalid:80/,
    );
    expect(run.stderr).not.toContain(PASSWORD);
    expect(proxy.asked()).toBe(4);
    await proxy.stop();
  });

  test("is silent: SIGTERM ends the run while it waits", async () => {
    const proxy = await startFaultyProxy();
    proxy.script(always("silent"));
    // Longer than the test may take: nothing but the signal ends it.
    const run = place.start(`${graphite.replace("../../models", "models")} --timeout 1h --deadline 1h`, {
      env: env(proxy),
    });
    await eventually(() => (proxy.asked() > 0 ? true : undefined));
    run.child.kill("SIGTERM");
    expect(await run.ended).toMatchObject({ status: 143, signal: null, stderr: "" });
    await proxy.stop();
  });
});

describe("secrets in argv are refused with status 2, and are not repeated", () => {
  test.each([
    `anomaly infer --source grafana --token ${TOKEN}`,
    `anomaly infer --source grafana --grafana-token=${TOKEN}`,
    `anomaly hydrate --source graphite --graphite-password ${PASSWORD}`,
    `anomaly infer --source graphite --graphite-url http://ops:${PASSWORD}@127.0.0.1:1`,
    `anomaly ${TOKEN}`,
    `anomaly infer --verbose --source grafana --template ${TOKEN}`,
  ])("%#", async (line) => {
    const run = await place.sh(line);
    expectSentence(run, 2, /./);
    expect(run.stderr).not.toContain(TOKEN);
    expect(run.stderr).not.toContain(PASSWORD);
  });
});

import { execFileSync, spawnSync } from "node:child_process";
import { rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { seededRandom } from "../../math/random.js";
import type { AnomalyRecord } from "../../records/record.js";
import { type PromqlServer, prometheusAvailable, startPrometheus } from "../../sources/testing/promql-servers.js";
import { ensureBuilt, freshFolder } from "../testing/built.js";
import { eventually, type RunningServe, startServe } from "./testing/running-serve.js";

const STEP_S = 300;
const DAYS = 12;
/** The begin of the newest slot that is over: it is scored by whatever looks from now on. */
const NOW_S = Math.floor(Date.now() / 1000 / STEP_S - 1) * STEP_S;
/** Slots after it that have values already, so that time may pass while the test runs. */
const AHEAD = 24;
const START_S = NOW_S - DAYS * 86_400;
/** The incident: an hour at three times the load, two hours ago. */
const INCIDENT = [NOW_S - 3 * 3600, NOW_S - 2 * 3600] as const;

/** A series of an answer: of a vector it has one value, of a matrix several. */
interface Result {
  readonly metric: Readonly<Record<string, string>>;
  readonly value: readonly [number, string];
  readonly values: readonly (readonly [number, string])[];
}
type Data = { readonly resultType: string; readonly result: readonly Result[] };

function values(seed: number, hasIncident: boolean): number[] {
  const random = seededRandom(seed);
  return Array.from({ length: (DAYS * 86_400) / STEP_S + 1 + AHEAD }, (_, i) => {
    const atS = START_S + i * STEP_S;
    const usual = 100 + 30 * Math.sin((2 * Math.PI * (atS % 86_400)) / 86_400) + 4 * random();
    return hasIncident && atS >= INCIDENT[0] && atS < INCIDENT[1] ? 3 * usual : usual;
  });
}

const hasRequests = spawnSync("/usr/bin/python3", ["-c", "import requests"]).status === 0;

describe.skipIf(!prometheusAvailable())(
  "the read API on a real Prometheus (skipped without Debian's prometheus)",
  () => {
    let prometheus: PromqlServer;
    let place: { folder: string; path: string };
    let serve: RunningServe;
    let records: AnomalyRecord[];

    beforeAll(async () => {
      ensureBuilt();
      prometheus = await startPrometheus(
        ["web1", "web2", "web3"].map((instance, i) => ({
          labels: { __name__: "load", instance, job: "node", path: 'a"b\\c' },
          startS: START_S,
          stepS: STEP_S,
          values: values(i + 1, instance === "web2"),
        })),
      );
      place = freshFolder({ data: false });
      writeFileSync(
        join(place.folder, "anomaly.yaml"),
        `source: prometheus\nprometheus-url: ${prometheus.url}\njobs:\n  load:\n    query: load\n    every: 1h\n`,
      );
      const anomaly = (...args: string[]) =>
        execFileSync("anomaly", args, {
          cwd: place.folder,
          env: { PATH: place.path, HOME: place.folder },
          stdio: "pipe",
        });
      anomaly("infer", "--job", "load", "-o", "found.ndjson", "-q");
      records = execFileSync("cat", [join(place.folder, "found.ndjson")], { encoding: "utf8" })
        .trim()
        .split("\n")
        .map((line) => JSON.parse(line));
      serve = await startServe(place);
      await eventually(async () => ((await serve.get("/readyz")).status === 200 ? true : undefined));
    }, 600_000);
    afterAll(async () => {
      await serve?.end();
      await prometheus?.stop();
      if (place !== undefined) rmSync(place.folder, { recursive: true });
    });

    const post = async (path: string, form: Record<string, string>) => {
      const response = await fetch(`${serve.address}${path}`, { method: "POST", body: new URLSearchParams(form) });
      return {
        status: response.status,
        body: (await response.json()) as { status: string; data: Data; error: string; errorType: string },
      };
    };
    const range = (query: string, more: Record<string, string> = {}) =>
      post("/api/v1/query_range", { query, start: `${NOW_S - 6 * 3600}`, end: `${NOW_S}`, step: `${STEP_S}`, ...more });

    test("the score of an expression is over 1 exactly in the episode that infer has found", async () => {
      const [record] = records;
      expect(records).toHaveLength(1);
      expect(record).toMatchObject({ machine: "web2", observed: expect.any(Number) });
      const { status, body } = await range('anomaly_score(load{instance=~"web.*"})');
      expect(status).toBe(200);
      expect(body.data.resultType).toBe("matrix");
      const alarms = body.data.result.flatMap(({ metric, values: points }) =>
        points.flatMap(([atS, score]) =>
          Number(score) >= 1 ? [[metric["instance"], atS, Number(score)] as const] : [],
        ),
      );
      expect(new Set(alarms.map(([instance]) => instance))).toEqual(new Set(["web2"]));
      const within = alarms.filter(
        ([, atS]) => atS * 1000 >= Date.parse(record.start) && atS * 1000 < Date.parse(record.end),
      );
      expect(within.length).toBe(alarms.length);
      expect(within.length).toBe(record.points);
      const worst = alarms.find(([, atS]) => atS * 1000 === Date.parse(record.timestamp));
      expect(Number(worst?.[2].toPrecision(6))).toBe(record.score);
      // The same again comes from the cache, and is the same.
      expect((await range('anomaly_score(load{instance=~"web.*"})')).body).toEqual(body);
    });

    test("band and expected value are those of the record, and our own metrics have the same past", async () => {
      const [record] = records;
      const at = { start: `${Date.parse(record.timestamp) / 1000}`, end: `${Date.parse(record.timestamp) / 1000}` };
      const band = (await range('anomaly_band(load{instance="web2"})', at)).body.data.result;
      const edge = (which: string) => Number(band.find(({ metric }) => metric["band"] === which)?.values[0][1]);
      expect([edge("lower"), edge("upper")].map((value) => Number(value.toPrecision(6)))).toEqual([
        record.lower,
        record.upper,
      ]);
      const own = (await range('anomaly_score{job="load",instance="web2"}')).body.data.result;
      const asked = (await range('anomaly_score(load{instance="web2"})')).body.data.result;
      expect(own[0].values).toEqual(asked[0].values);
      expect(own[0].metric).toEqual({
        __name__: "anomaly_score",
        job: "load",
        for: "load",
        instance: "web2",
        machine: "web2",
        aggregator: "load",
        exported_job: "node",
        path: 'a"b\\c',
      });
    });

    test.skipIf(!hasRequests)("Python's requests reads it, by GET and POST (skipped without python3-requests)", () => {
      const script = [
        "import json, requests, sys",
        "session, base, end = requests.Session(), sys.argv[1] + '/api/v1', int(sys.argv[2])",
        'own = \'anomaly_score{job="load",instance="web2"}\'',
        "form = {'query': own, 'start': end - 6 * 3600, 'end': end, 'step': 300}",
        "for answer in (session.get(base + '/query_range', params=form, timeout=60), session.post(base + '/query_range', data=form, timeout=60)):",
        "    data = answer.json()['data']",
        "    print(answer.status_code, data['resultType'], max(data['result'][0]['values'], key=lambda one: float(one[1]))[0])",
        "get = lambda path, **params: session.get(base + path, params=params, timeout=60).json()",
        "print(get('/query', query='1')['data']['resultType'])",
        "print(get('/label/machine/values')['data'])",
        "print(len(get('/series', **{'match[]': own})['data']), 'anomaly_score' in get('/metadata')['data'])",
        "bad = session.get(base + '/query', params={'query': 'sum(anomaly_score)'}, timeout=60)",
        "print(bad.status_code, bad.json()['status'], bad.json()['errorType'])",
      ];
      const args = ["-c", script.join("\n"), serve.address, `${NOW_S}`];
      const printed = execFileSync("/usr/bin/python3", args, { encoding: "utf8" });
      const worstS = Date.parse(records[0].timestamp) / 1000;
      expect(printed.trim().split("\n")).toEqual([
        `200 matrix ${worstS}`,
        `200 matrix ${worstS}`,
        "scalar",
        "['web1', 'web2', 'web3']",
        "1 True",
        "400 error bad_data",
      ]);
    });

    test("the Graphite API gives the same scores under a path made of the selector", async () => {
      const [own] = (await range('anomaly_score{job="load",instance="web2"}')).body.data.result;
      const form = {
        target: "seriesByTag('instance=web2','what=score')",
        from: `${NOW_S - 6 * 3600 - 1}`,
        until: `${NOW_S}`,
      };
      const response = await fetch(`${serve.address}/render`, { method: "POST", body: new URLSearchParams(form) });
      const [series] = (await response.json()) as { target: string; datapoints: [number | null, number][] }[];
      expect(series.target).toMatch(/^anomaly\.load\.score\.load_[\w:-]*instance_web2[\w:-]*$/);
      const known = series.datapoints.filter(([value]) => value !== null);
      const asked = new Map(own.values.map(([atS, value]) => [atS, Number(value)]));
      expect(known.length).toBeGreaterThan(60);
      for (const [value, atS] of known) expect(asked.get(atS)).toBe(value);
      const none = await fetch(`${serve.address}/render`, {
        method: "POST",
        body: new URLSearchParams({ target: "anomalyScore(servers.web1.load)" }),
      });
      expect([none.status, ((await none.json()) as { error: string }).error]).toEqual([
        400,
        "no job asks a Graphite, so there is none to evaluate the expression",
      ]);
    });

    test("a comparison leaves what holds, as an alert rule needs it", async () => {
      const over = (await range('anomaly_score{job="load"} >= 1')).body.data.result;
      expect(over.map(({ metric }) => metric["instance"])).toEqual(["web2"]);
      const bool = (await range("anomaly_score(load) >= bool 1")).body.data.result;
      expect(new Set(bool[0].values.map(([, value]) => value)).size).toBeLessThanOrEqual(2);
      const now = await post("/api/v1/query", { query: 'anomaly_status{status="ok"}' });
      expect(now.body.data.result.map(({ value }) => value[1])).toEqual(["1", "1", "1"]);
    });

    test("what Grafana asks when it tests, browses and completes is answered", async () => {
      // In the order of "Save & test", opening a dashboard, and the metrics browser; forms as Grafana sends them.
      expect((await post("/api/v1/query", { query: "1+1", time: "4" })).body).toEqual({
        status: "success",
        data: { resultType: "scalar", result: [4, "2"] },
      });
      const get = async (path: string) => JSON.parse((await serve.get(path)).text);
      expect((await get("/api/v1/status/buildinfo")).data).not.toHaveProperty("features");
      expect(await get("/api/v1/rules")).toEqual({ status: "success", data: { groups: [] } });
      expect((await post("/api/v1/query_exemplars", { query: "test", start: "1000", end: "2000" })).body.data).toEqual(
        [],
      );
      const minutes = `start=${NOW_S - 3600}&end=${NOW_S}`;
      expect((await get(`/api/v1/label/__name__/values?limit=40000&${minutes}`)).data).toEqual([
        "anomaly_expected",
        "anomaly_lower",
        "anomaly_observed",
        "anomaly_score",
        "anomaly_status",
        "anomaly_upper",
      ]);
      expect((await post("/api/v1/labels", { limit: "40000", "match[]": "anomaly_score" })).body.data).toContain(
        "instance",
      );
      expect(
        (await get(`/api/v1/label/instance/values?match[]=${encodeURIComponent('anomaly_score{instance!="web1"}')}`))
          .data,
      ).toEqual(["web2", "web3"]);
      expect((await get("/api/v1/metadata?limit=40000")).data.anomaly_score).toEqual([
        { type: "gauge", help: expect.stringContaining("threshold"), unit: "" },
      ]);
      expect((await post("/api/v1/series", { "match[]": 'anomaly_score{instance="web3"}' })).body.data).toHaveLength(1);
      expect(
        (await get(`/api/v1/series?match[]=${encodeURIComponent('{__name__=~"anomaly_s.*"}')}`)).data,
      ).toHaveLength(6);
      expect((await get("/api/v1/series")).total).toBe(3);
    });

    test("promtool reads it as it reads a Prometheus", () => {
      const promtool = (...args: string[]) => spawnSync("promtool", ["query", ...args], { encoding: "utf8" });
      const instant = promtool("instant", serve.address, 'anomaly_score{instance="web1"}');
      expect(instant.status, instant.stderr).toBe(0);
      expect(instant.stdout).toMatch(/^anomaly_score\{.*instance="web1".*\} => [\d.]+ @/);
      const ranged = promtool(
        "range",
        `--start=${NOW_S - 4 * 3600}`,
        `--end=${NOW_S}`,
        "--step=10m",
        serve.address,
        "anomaly_upper(load)",
      );
      expect(ranged.status, ranged.stderr).toBe(0);
      expect(ranged.stdout.match(/ @\[\d+\]/g)?.length).toBe(3 * 25);
      const series = promtool("series", "--match=anomaly_score", serve.address);
      expect(series.stdout.trim().split("\n")).toHaveLength(3);
      const labels = promtool("labels", serve.address, "instance");
      expect(labels.stdout.trim().split("\n")).toEqual(["web1", "web2", "web3"]);
    });

    test.each([
      ["sum(anomaly_score)", 400, /"sum\(anomaly_score\)" is not evaluated here; understood are/],
      ["anomaly_score(load", 400, /not PromQL at character/],
      ["anomaly_scores(load)", 400, /no function anomaly_scores; there are anomaly_score/],
      ["anomaly_score(load{)", 400, /not PromQL/],
      ['anomaly_score(load, "nope")', 400, /no job "nope" that asks a server of PromQL; there are load/],
      ["anomaly_score(rate(load))", 422, /parse error|expected type range vector/],
      ['anomaly_score{instance=~"("}', 400, /is not a regular expression/],
      ["", 400, /query is missing/],
    ])("%s is answered with %i and a sentence", async (query, status, says) => {
      const answer = await range(query);
      expect(answer.body.error).toMatch(says);
      if (!query.includes("((")) expect(answer.status).toBe(status);
      expect(answer.body.status).toBe(answer.status === 200 ? "success" : "error");
    });

    test("too many points and a range that ends before it begins are refused as Prometheus does", async () => {
      expect((await range("anomaly_score", { step: "1" })).body.error).toMatch(/11000 points per timeseries/);
      expect((await range("anomaly_score", { end: "5" })).body.error).toMatch(/end timestamp must not be before start/);
      expect((await range("anomaly_score", { step: "0" })).body.error).toMatch(/zero or negative/);
    });
  },
);

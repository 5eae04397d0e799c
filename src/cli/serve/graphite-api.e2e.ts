import { execFileSync, spawnSync } from "node:child_process";
import { readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { seededRandom } from "../../math/random.js";
import type { AnomalyRecord } from "../../records/record.js";
import { startGrafanaStandIn } from "../../sources/testing/grafana-standin.js";
import { type GraphiteServer, graphiteAvailable, startGraphite } from "../../sources/testing/graphite-server.js";
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
const MACHINES = ["web1", "web2", "web3"];

interface Series {
  readonly target: string;
  readonly tags: Readonly<Record<string, string>>;
  readonly datapoints: readonly (readonly [number | null, number])[];
}

/** A dashboard, as far as it is looked at. */
interface Board {
  readonly templating: {
    readonly list: readonly { readonly name: string; readonly type: string; readonly query: string }[];
  };
  readonly panels: readonly { readonly targets: readonly { readonly target: string; readonly refId: string }[] }[];
  readonly annotations: { readonly list: readonly { readonly target: { readonly tags: readonly string[] } }[] };
}

function values(seed: number, hasIncident: boolean): number[] {
  const random = seededRandom(seed);
  return Array.from({ length: (DAYS * 86_400) / STEP_S + 1 + AHEAD }, (_, i) => {
    const atS = START_S + i * STEP_S;
    const usual = 100 + 30 * Math.sin((2 * Math.PI * (atS % 86_400)) / 86_400) + 4 * random();
    return hasIncident && atS >= INCIDENT[0] && atS < INCIDENT[1] ? 3 * usual : usual;
  });
}

const hasRequests = spawnSync("/usr/bin/python3", ["-c", "import requests"]).status === 0;

describe.skipIf(!graphiteAvailable())(
  "the Graphite API on a real graphite-web (skipped without Debian's graphite packages)",
  () => {
    let graphite: GraphiteServer;
    let place: { folder: string; path: string };
    let serve: RunningServe;
    let records: AnomalyRecord[];
    const anomaly = (...args: string[]) =>
      execFileSync("anomaly", args, {
        cwd: place.folder,
        env: { PATH: place.path, HOME: place.folder },
        encoding: "utf8",
        stdio: ["ignore", "pipe", "pipe"],
      });

    beforeAll(async () => {
      ensureBuilt();
      graphite = await startGraphite({ retentions: "5m:30d" });
      await graphite.writeHistories(
        MACHINES.map((machine, i) => ({
          path: `servers.${machine}.load`,
          startS: START_S,
          stepS: STEP_S,
          values: values(i + 1, machine === "web2"),
        })),
      );
      place = freshFolder({ data: false });
      writeFileSync(
        join(place.folder, "anomaly.yaml"),
        `source: graphite\ngraphite-url: ${graphite.url}\njobs:\n  load:\n    template: servers.{machine}.{aggregator}\n    every: 1h\n`,
      );
      anomaly("infer", "--job", "load", "-o", "found.ndjson", "-q");
      records = readFileSync(join(place.folder, "found.ndjson"), "utf8")
        .trim()
        .split("\n")
        .map((line) => JSON.parse(line));
      serve = await startServe(place);
      await eventually(async () => ((await serve.get("/readyz")).status === 200 ? true : undefined));
    }, 600_000);
    afterAll(async () => {
      await serve?.end();
      await graphite?.stop();
      if (place !== undefined) rmSync(place.folder, { recursive: true });
    });

    const ask = (address: string, form: Record<string, string> | [string, string][]) =>
      fetch(`${address}/render`, { method: "POST", body: new URLSearchParams(form) });
    const render = async (target: string, more: Record<string, string> = {}, address = serve.address) => {
      const form = { target, from: `${NOW_S - 6 * 3600}`, until: `${NOW_S}`, format: "json", ...more };
      const response = await ask(address, form);
      const text = await response.text();
      if (response.status !== 200) throw new Error((JSON.parse(text) as { error: string }).error);
      return JSON.parse(text) as Series[];
    };
    const json = async (path: string) => JSON.parse((await serve.get(path)).text);

    test("the score of a path is over 1 exactly in the episode that infer has found", async () => {
      const [record] = records;
      expect(records).toHaveLength(1);
      expect(record).toMatchObject({ machine: "web2", series: "servers.web2.load" });
      const all = await render("anomaly.load.score.servers.*.load");
      expect(all.map(({ target }) => target)).toEqual(MACHINES.map((m) => `anomaly.load.score.servers.${m}.load`));
      const alarms = all.flatMap(({ target, datapoints }) =>
        datapoints.flatMap(([score, atS]) => ((score ?? 0) >= 1 ? [[target, atS, score as number] as const] : [])),
      );
      expect(new Set(alarms.map(([target]) => target))).toEqual(new Set(["anomaly.load.score.servers.web2.load"]));
      expect(alarms).toHaveLength(record.points);
      for (const [, atS] of alarms) {
        expect(atS * 1000).toBeGreaterThanOrEqual(Date.parse(record.start));
        expect(atS * 1000).toBeLessThan(Date.parse(record.end));
      }
      const worst = alarms.find(([, atS]) => atS * 1000 === Date.parse(record.timestamp));
      expect(Number(worst?.[2].toPrecision(6))).toBe(record.score);
      expect(all[1].tags).toMatchObject({ machine: "web2", aggregator: "load", job: "load", what: "score" });
    });

    test("a target of the upstream has the same scores and the band of the record", async () => {
      const [record] = records;
      const own = await render("anomaly.load.score.servers.web2.load");
      const asked = await render("anomalyScore(servers.web2.load)");
      expect(asked[0].target).toBe("anomalyScore(servers.web2.load)");
      expect(asked[0].datapoints).toEqual(own[0].datapoints);
      const band = await render('anomalyBand(servers.web2.load, "load")');
      expect(band.map(({ target }) => target)).toEqual([
        "anomalyLower(servers.web2.load)",
        "anomalyUpper(servers.web2.load)",
      ]);
      const worst = band.map(
        ({ datapoints }) => datapoints.find(([, atS]) => atS * 1000 === Date.parse(record.timestamp))?.[0],
      );
      expect(worst.map((edge) => Number(edge?.toPrecision(6)))).toEqual([record.lower, record.upper]);
      const [expected] = await render("anomalyExpected(servers.web2.load)", { from: "-2h", until: "now" });
      expect(expected.datapoints.length).toBeGreaterThanOrEqual(24);
      // Under a function it is another series, which is compared with its own past.
      const scaled = await render("anomalyObserved(scale(servers.web{1,2}.load, 10))");
      const [, observed] = await render("anomaly.load.observed.servers.web{1,2}.load");
      expect(scaled.map(({ target }) => target)).toEqual([
        expect.stringMatching(/^anomalyObserved\(scale\(servers\.web1\.load,10/),
        expect.stringMatching(/^anomalyObserved\(scale\(servers\.web2\.load,10/),
      ]);
      expect(scaled[1].datapoints[3][0]).toBeCloseTo(10 * (observed.datapoints[3][0] ?? 0), 6);
    });

    test("every query of the dashboards answers with data, asked as Grafana asks", async () => {
      anomaly("dashboards", "--on", "graphite", "-o", "boards", "-q");
      for (const name of ["anomaly-fleet", "anomaly-series", "anomaly-health"]) {
        const text = readFileSync(join(place.folder, `boards/${name}.json`), "utf8");
        const board = JSON.parse(text) as Board;
        // As Grafana replaces variables: those of the board one after the other, since one may be in the query of the next.
        let values: Readonly<Record<string, string>> = { job: "load" };
        const filled = (query: string) =>
          Object.entries(values).reduce(
            (all, [key, value]) => all.replace(`$${key}`, value),
            query.replaceAll(/\$\{job:regex\}/g, "load"),
          );
        for (const { name: variable, type, query } of board.templating.list) {
          if (type !== "query") continue;
          const [, tag, ...exprs] = filled(query)
            .split(/[(),]\s*/)
            .filter((part) => part !== "");
          const form = new URLSearchParams([["tag", tag], ...exprs.map((expr): [string, string] => ["expr", expr])]);
          const found = (await json(`/tags/autoComplete/values?${form}`)) as readonly string[];
          expect(found.length, query).toBeGreaterThan(0);
          values = { ...values, [variable]: found.includes("web2") ? "web2" : found[0] };
        }
        let asked = 0;
        for (const { targets } of board.panels) {
          for (const { target, refId } of targets) {
            const all = await render(`aliasSub(${filled(target)}, "(^.*$)", "\\1 ${refId}")`, { maxDataPoints: "300" });
            expect(all.length, target).toBe(name === "anomaly-series" ? 1 : MACHINES.length);
            for (const one of all) {
              expect(one.target.endsWith(` ${refId}`)).toBe(true);
              expect(
                one.datapoints.some(([value]) => value !== null),
                one.target,
              ).toBe(true);
            }
            asked++;
          }
        }
        expect(asked).toBeGreaterThan(0);
        for (const { target } of board.annotations.list) {
          const tags = target.tags.map(filled).join(" ");
          const events = await json(`/events/get_data?from=-6h&until=now&tags=${encodeURIComponent(tags)}`);
          expect(events, tags).toHaveLength(1);
        }
      }
    });

    test("what is observed is what the upstream itself answers for the time, slot for slot", async () => {
      const [own] = await render("anomaly.load.observed.servers.web1.load");
      const [theirs] = await render("servers.web1.load", {}, graphite.url);
      const known = own.datapoints.filter(([value]) => value !== null);
      expect(known.length).toBeGreaterThan(60);
      expect(theirs.datapoints.slice(0, known.length)).toEqual(known);
      expect(own.datapoints.length).toBe(theirs.datapoints.length);
    });

    test("maxDataPoints leaves the highest score of each stretch and the average of what was observed", async () => {
      const [score] = await render("anomaly.load.score.servers.web2.load", { maxDataPoints: "9" });
      expect(score.datapoints.length).toBeLessThanOrEqual(9);
      const [all] = await render("anomaly.load.score.servers.web2.load");
      const highest = (one: Series) => Math.max(...one.datapoints.map(([value]) => value ?? 0));
      expect(highest(score)).toBe(highest(all));
      const [observed] = await render("anomaly.load.observed.servers.web2.load", { maxDataPoints: "9" });
      const [fine] = await render("anomaly.load.observed.servers.web2.load");
      const stretchS = observed.datapoints[1][1] - observed.datapoints[0][1];
      expect(observed.datapoints.length).toBeGreaterThan(5);
      for (const [value, atS] of observed.datapoints) {
        expect(atS % stretchS).toBe(0);
        const own = fine.datapoints.flatMap(([one, at]) =>
          one !== null && at >= atS && at < atS + stretchS ? [one] : [],
        );
        if (own.length === 0) expect(value).toBeNull();
        else expect(value).toBeCloseTo(own.reduce((sum, one) => sum + one, 0) / own.length, 9);
      }
    });

    test("CSV, raw and msgpack are written as graphite-web writes them", async () => {
      const target = "constantLine(1.5)";
      for (const format of ["csv", "raw"]) {
        const form = { target, from: `${NOW_S - 600}`, until: `${NOW_S}`, format, tz: "UTC" };
        const [ours, theirs] = [await ask(serve.address, form), await ask(graphite.url, form)];
        expect(ours.headers.get("content-type")).toBe(theirs.headers.get("content-type"));
        expect(await ours.text()).toBe(await theirs.text());
      }
      const span = { from: `${NOW_S - 3600}`, until: `${NOW_S}` };
      const form = { target: "anomaly.load.score.servers.web2.load", ...span, format: "msgpack" };
      const bytes = Buffer.from(await (await ask(serve.address, form)).arrayBuffer());
      // The decoder that comes with graphite-web; it takes collections.Hashable from where older Pythons had it.
      const decoded = execFileSync(
        "/usr/bin/python3",
        [
          "-c",
          "import sys, json, collections, collections.abc; collections.Hashable = collections.abc.Hashable; import graphite.umsgpack as m; print(json.dumps(m.unpackb(sys.stdin.buffer.read())))",
        ],
        { input: bytes, encoding: "utf8" },
      );
      const [one] = JSON.parse(decoded);
      expect(one).toMatchObject({
        name: form.target,
        pathExpression: form.target,
        step: STEP_S,
        valuesPerPoint: 1,
        consolidationFunc: "max",
        xFilesFactor: 0,
      });
      expect(one.values).toHaveLength((one.end - one.start) / STEP_S);
      const [again] = await render(form.target, span);
      expect(one.values).toEqual(again.datapoints.map(([value]) => value));
    });

    test("what Grafana asks when it tests, browses and draws is answered", async () => {
      // "Save & test" in the browser: no from, no until.
      const saved = await ask(serve.address, {
        target: String.raw`aliasSub(constantLine(100), "(^.*$)", "\1 A")`,
        format: "json",
        maxDataPoints: "300",
      });
      expect(((await saved.json()) as Series[]).map(({ target }) => target)).toEqual(["100.0 A"]);
      const health = await render("constantLine(100)", { maxDataPoints: "100" });
      expect(health).toEqual(await render("constantLine(100)", { maxDataPoints: "100" }, graphite.url));
      const panel = await ask(serve.address, [
        ["target", String.raw`aliasSub(anomaly.load.score.servers.web1.load, "(^.*$)", "\1 A")`],
        ["target", String.raw`aliasSub(alias(anomalyUpper(servers.web1.load), 'limit'), "(^.*$)", "\1 B")`],
        ...Object.entries({ from: "-6h", until: "now", format: "json", maxDataPoints: "1000" }),
      ]);
      expect(((await panel.json()) as Series[]).map(({ target }) => target)).toEqual([
        "anomaly.load.score.servers.web1.load A",
        "limit B",
      ]);
      const find = async (query: string, address = serve.address) => {
        const body = new URLSearchParams({ query });
        const response = await fetch(`${address}/metrics/find?from=${NOW_S - 3600}&until=${NOW_S}`, {
          method: "POST",
          body,
        });
        return (await response.json()) as readonly { text: string; id: string }[];
      };
      expect((await find("anomaly.load.*")).map(({ text }) => text)).toEqual([
        "expected",
        "lower",
        "observed",
        "score",
        "upper",
      ]);
      // Node for node what graphite-web says of the same tree.
      for (const pattern of ["*", "servers.*", "servers.web[12].*", "servers.{web1,web3}.load", "none.*"]) {
        const theirs = await find(pattern, graphite.url);
        const ours = await find(`anomaly.load.score.${pattern}`);
        expect(ours.map((node) => ({ ...node, id: node.id.replace("anomaly.load.score.", "") }))).toEqual(
          theirs.filter(({ text }) => text !== "carbon"),
        );
      }
      expect(
        await json(`/metrics/expand?query=${encodeURIComponent("anomaly.load.{lower,upper}.servers.web1.*")}`),
      ).toEqual({
        results: ["anomaly.load.lower.servers.web1.load", "anomaly.load.upper.servers.web1.load"],
      });
      expect(await json("/metrics/index.json")).toHaveLength(5 * MACHINES.length);
      expect((await serve.get("/version")).text).toBe("1.1.8");
      expect((await json("/functions")).anomalyScore).toMatchObject({ name: "anomalyScore", group: "Anomalies" });
      expect(await json("/tags/autoComplete/tags?tagPrefix=ma&limit=10")).toEqual(["machine"]);
      expect(await json("/tags/autoComplete/values?expr=job%3Dload&tag=machine&valuePrefix=web&limit=2")).toEqual([
        "web1",
        "web2",
      ]);
      expect(
        (await render("seriesByTag('job=load','what=score','machine=~web[12]')")).map(({ target }) => target),
      ).toEqual(["anomaly.load.score.servers.web1.load", "anomaly.load.score.servers.web2.load"]);
      const events = await json(`/events/get_data?from=${NOW_S - 86_400}&until=${NOW_S}&tags=load`);
      expect(events).toEqual([
        expect.objectContaining({ id: records[0].id, when: Date.parse(records[0].start) / 1000, what: "web2 load" }),
      ]);
    });

    test.skipIf(!hasRequests)("Python's requests reads it (skipped without python3-requests)", () => {
      const script = [
        "import json, requests, sys",
        "session, base = requests.Session(), sys.argv[1]",
        "get = lambda path, **params: session.get(base + path, params=params, timeout=60)",
        "form = {'target': ['anomaly.load.score.servers.*.load', 'constantLine(1)'], 'from': '-6h', 'format': 'json'}",
        "for answer in (session.get(base + '/render', params=form, timeout=60), session.post(base + '/render', data=form, timeout=60)):",
        "    print(answer.status_code, answer.headers['content-type'], [one['target'] for one in answer.json()])",
        "print([one['text'] for one in get('/metrics/find', query='anomaly.load.score.servers.*').json()])",
        "print(get('/tags/autoComplete/values', tag='machine', expr='job=load').json())",
        "csv = get('/render', target='anomaly.load.score.servers.web2.load', format='csv')",
        "print(csv.text.splitlines()[0].split(',')[0], csv.headers['content-type'])",
        "bad = get('/render', target='sum(anomaly.load.score.servers.web2.load)', format='json')",
        "print(bad.status_code, bad.json()['error'][:31])",
        "episodes = get('/api/v1/episodes')",
        "print(len(episodes.json()['data']), session.get(episodes.url, headers={'if-none-match': episodes.headers['etag']}, timeout=60).status_code)",
      ];
      const printed = execFileSync("/usr/bin/python3", ["-c", script.join("\n"), serve.address], { encoding: "utf8" });
      const targets = [...MACHINES.map((machine) => `'anomaly.load.score.servers.${machine}.load'`), "'1.0'"].join(
        ", ",
      );
      expect(printed.trim().split("\n")).toEqual([
        `200 application/json [${targets}]`,
        `200 application/json [${targets}]`,
        "['web1', 'web2', 'web3']",
        "['web1', 'web2', 'web3']",
        expect.stringMatching(/^"?anomaly\.load\.score\.servers\.web2\.load"? text\/csv/),
        "400 sum() is not evaluated here; un",
        "1 304",
      ]);
    });

    test("Python's own client reads it, by GET with a slash at the end and by POST", () => {
      const script = [
        "import json, sys, urllib.parse, urllib.request",
        "own = [('target', 'anomaly.load.score.servers.web2.load'), ('target', 'constantLine(1)'), ('from', '-6h'), ('format', 'json')]",
        "form = urllib.parse.urlencode(own)",
        "for asked in ((sys.argv[1] + '/render/?' + form,), (sys.argv[1] + '/render', form.encode())):",
        "    answer = urllib.request.urlopen(*asked)",
        "    print(answer.status, [one['target'] for one in json.load(answer)])",
      ];
      const printed = execFileSync("/usr/bin/python3", ["-c", script.join("\n"), serve.address], { encoding: "utf8" });
      const line = "200 ['anomaly.load.score.servers.web2.load', '1.0']";
      expect(printed.trim().split("\n")).toEqual([line, line]);
    });

    test("a job that asks the same Graphite through Grafana gives the same scores", async () => {
      const grafana = await startGrafanaStandIn(graphite.url, "glsa_e2e", "graphite");
      const other = freshFolder({ data: false });
      writeFileSync(
        join(other.folder, "anomaly.yaml"),
        `source: grafana\ngrafana-url: ${grafana.url}\ndatasource-uid: graphite\njobs:\n  load:\n    template: servers.{machine}.{aggregator}\n    every: 1h\n`,
      );
      const through = await startServe(other, [], { GRAFANA_SERVICE_ACCOUNT_TOKEN: grafana.token });
      try {
        await eventually(async () => ((await through.get("/readyz")).status === 200 ? true : undefined));
        for (const target of ["anomaly.load.score.servers.web2.load", "anomalyScore(servers.web2.load)"]) {
          const [theirs] = await render(target, {}, through.address);
          expect(theirs.datapoints).toEqual((await render(target))[0].datapoints);
        }
      } finally {
        await through.end();
        await grafana.stop();
        rmSync(other.folder, { recursive: true });
      }
    });

    test("our own Graphite source reads it", async () => {
      anomaly(
        ...[
          "infer",
          "--source",
          "graphite",
          "--graphite-url",
          serve.address,
          "--from",
          "-6h",
          "-o",
          "again.ndjson",
          "-q",
        ],
        ...["--template", "anomaly.load.observed.servers.{machine}.{aggregator}"],
      );
      const again = readFileSync(join(place.folder, "again.ndjson"), "utf8").trim().split("\n");
      const [record] = again.map((line) => JSON.parse(line) as AnomalyRecord);
      expect(record).toMatchObject({
        machine: "web2",
        aggregator: "load",
        start: records[0].start,
        end: records[0].end,
      });
    });

    test.each([
      ["sumSeries(anomaly.*.score.*)", 400, /sumSeries\(\) is not evaluated here; understood are paths/],
      ["anomalyScore(servers.web1.load", 400, /cannot be read at its end/],
      ["anomalyScore(servers.web1.load, 'nope')", 400, /no job "nope" that asks a Graphite; there are load/],
      ["anomalyScore(nonsense(servers.web1.load))", 422, /unknown function: nonsense/],
      ["anomalyScore('text')", 400, /anomalyScore\(\) needs a target/],
      ["alias(constantLine(1))", 400, /alias\(\) needs a target and a name/],
      ['aliasSub(constantLine(1), "(", "x")', 400, /is not a regular expression/],
      ['aliasSub(constantLine(1), "1", "\\2")', 400, /names the group 2/],
      [`aliasSub(alias(constantLine(1), "${"a".repeat(40)}"), "^(a+)+$|b", "")`, 200, /./],
      [`aliasSub(alias(constantLine(1), "${"a".repeat(40)}!"), "^(a+)+$", "")`, 422, /takes too long/],
    ])("%s is answered with %i", async (target, status, says) => {
      const response = await ask(serve.address, { target, format: "json" });
      const answer = (await response.json()) as { error?: string };
      expect([response.status, answer.error ?? "none"]).toEqual([status, expect.stringMatching(says)]);
    });

    test("a target of which the upstream has nothing is an empty answer, as in Graphite", async () => {
      const response = await ask(serve.address, { target: "anomalyScore(servers.none.load)", format: "json" });
      expect([response.status, await response.json()]).toEqual([200, []]);
    });

    test("a path that does not exist is an empty answer, and wrong parameters are refused with a sentence", async () => {
      expect(await render("anomaly.load.score.nothing.*")).toEqual([]);
      expect(await render("servers.web1.load")).toEqual([]);
      for (const [name, value, says] of [
        ["from", "nonsense", /from: "nonsense" is not a moment/],
        ["from", `${NOW_S + 3600}`, /Invalid empty time range/],
        ["format", "png", /format got "png" and needs json, csv, raw, msgpack/],
        ["maxDataPoints", "none", /maxDataPoints got "none"/],
        ["tz", "Mars/Olympus", /tz: /],
      ] as const) {
        await expect(render("constantLine(1)", { [name]: value })).rejects.toThrow(says);
      }
    });
  },
);

/* Longer than most: the real servers are started once for all sources, because starting them takes as long as the tests. */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { createCsvSource } from "../csv/source.js";
import { createHttp, type Http } from "../http/http.js";
import type { Series } from "../series/series.js";
import { formatUtc } from "../time/format.js";
import { openCache } from "./cache/cache-folder.js";
import { fetchHistory } from "./cache/fetch-history.js";
import { joinPieces } from "./cache/join-pieces.js";
import type { Via } from "./grafana/second-way.js";
import { createGrafanaSource } from "./grafana/source.js";
import { createGraphiteSource } from "./graphite/source.js";
import { createPromqlSource, type PromqlServer } from "./promql/source.js";
import type { SeriesSource } from "./source.js";
import { CONTRACT_TEMPLATE, contractHistories, describeSourceContract, SELECTORS } from "./testing/contract.js";
import { type GrafanaStandIn, startGrafanaStandIn } from "./testing/grafana-standin.js";
import { type GraphiteServer, graphiteAvailable, startGraphite } from "./testing/graphite-server.js";
import {
  prometheusAvailable,
  type PromqlServer as RunningServer,
  type SampleHistory,
  startPrometheus,
  startVictoria,
  victoriaAvailable,
} from "./testing/promql-servers.js";

const histories = contractHistories(Date.now());

describeSourceContract("csv", histories, async () => {
  const folder = mkdtempSync(join(tmpdir(), "anomaly-contract-"));
  // As Graphite's own export writes it.
  const rows = histories.flatMap(({ path, startS, stepS, values }) =>
    values.map(
      (value, i) =>
        `${path},${formatUtc((startS + i * stepS) * 1000)
          .slice(0, 19)
          .replace("T", " ")},${value ?? ""}\r\n`,
    ),
  );
  writeFileSync(join(folder, "export.csv"), rows.join(""));
  return {
    source: createCsvSource([folder], { timezone: "UTC" }),
    close: async () => rmSync(folder, { recursive: true }),
  };
});

// Skipped where Debian's graphite-web, graphite-carbon and gunicorn are not installed.
describe.skipIf(!graphiteAvailable())("against a real Graphite on loopback", () => {
  let graphite: GraphiteServer;
  let grafana: GrafanaStandIn;
  let http: Http;
  const startS = histories[0].startS;
  const range = { startMs: startS * 1000, endMs: (startS + 3 * 3600) * 1000 };

  beforeAll(async () => {
    http = createHttp({ retry: { retries: 0 } });
    graphite = await startGraphite();
    grafana = await startGrafanaStandIn(graphite.url);
    await graphite.writeHistories(histories);
    await graphite.writeHistory("old.metric", startS - 20 * 86_400, 300, Array(100).fill(7));
  }, 600_000);
  afterAll(async () => {
    await http?.close();
    await grafana?.stop();
    await graphite?.stop();
  });

  const openGraphite = (size?: number) => createGraphiteSource({ url: graphite.url, http, maxTargetsPerRequest: size });
  const openGrafana = (via?: Via) =>
    createGrafanaSource({
      url: `${grafana.url}/`,
      datasourceUid: grafana.uid,
      token: grafana.token,
      orgId: 3,
      http,
      via,
    });

  describeSourceContract("graphite", histories, async () => ({ source: openGraphite() }));
  describeSourceContract("graphite, one target a request", histories, async () => ({ source: openGraphite(1) }));
  describeSourceContract("grafana, by its proxy", histories, async () => ({ source: openGrafana("proxy") }));
  describeSourceContract("grafana, by its query API", histories, async () => ({ source: openGrafana("query") }));
  describeSourceContract("grafana 12.4.0, by its query API", histories, async () => {
    const odd = await startGrafanaStandIn(graphite.url, "glsa_12_4_0", "graphite-1", { emptyName: true });
    return {
      source: createGrafanaSource({ url: odd.url, datasourceUid: odd.uid, token: odd.token, http, via: "query" }),
      close: () => odd.stop(),
    };
  });
  describeSourceContract("grafana, whose proxy is forbidden", histories, async () => {
    const shut = await startGrafanaStandIn(graphite.url, "glsa_shut", "graphite-1", { proxyForbidden: true });
    return {
      source: createGrafanaSource({ url: shut.url, datasourceUid: shut.uid, token: shut.token, http }),
      close: () => shut.stop(),
    };
  });

  const fetchAll = (source: SeriesSource, expressions: readonly string[]) =>
    source.fetch(
      { targets: expressions.map((expression) => ({ expression, labels: {} })), template: CONTRACT_TEMPLATE },
      range,
    );

  test("what functions return is known by its target, with the path under them for labels", async () => {
    const { series, problems } = await fetchAll(openGraphite(), [
      "aliasByNode(fleet.*.lag.visits,1,3)",
      "scale(fleet.n1.lag.probes,2)",
      'alias(fleet.n1.lag.nothing,"x")',
      "fleet.n1.lag.probes",
    ]);
    expect(series.map((s) => [s.name, s.labels])).toEqual([
      ["n1.visits", { machine: "n1", aggregator: "visits" }],
      ["n2.visits", { machine: "n2", aggregator: "visits" }],
      ["scale(fleet.n1.lag.probes,2)", { machine: "n1", aggregator: "probes" }],
    ]);
    expect(series[2].values[0]).toBeCloseTo(2 * (histories[2].values[0] ?? 0));
    expect(problems.map((p) => [p.target.expression, p.kind])).toEqual([
      ['alias(fleet.n1.lag.nothing,"x")', "no_data"],
    ]);
  });

  test("one target that Graphite refuses fails alone", async () => {
    const { series, problems } = await fetchAll(openGraphite(), [
      "fleet.n1.lag.visits",
      "noSuchFunction(fleet.n1.lag.visits)",
      "fleet.n2.lag.visits",
    ]);
    expect(series.map((s) => s.name)).toEqual(["fleet.n1.lag.visits", "fleet.n2.lag.visits"]);
    expect(problems).toMatchObject([{ target: { expression: "noSuchFunction(fleet.n1.lag.visits)" }, kind: "failed" }]);
    expect(problems[0].reason).toContain("answered 400");
  });

  test("a range of an age that is kept coarser fails for a finer step and works without one", async () => {
    const old = { startMs: (startS - 20 * 86_400) * 1000, endMs: (startS - 20 * 86_400 + 3600) * 1000 };
    const targets = [{ expression: "old.metric", labels: {} }];
    const { series } = await openGraphite().fetch({ targets }, old);
    expect([series[0].stepMs, series[0].values.length, series[0].values[3]]).toEqual([300_000, 12, 7]);
    const { problems } = await openGraphite().fetch({ targets, stepMs: 60_000 }, old);
    expect(problems[0].reason).toContain("coarser than the 1m wanted");
  });

  test("its archives: what was cached fine and what is now kept coarser only are named and brought to one step", async () => {
    const folder = mkdtempSync(join(tmpdir(), "anomaly-archives-"));
    const hourS = 3600;
    const values = Array.from({ length: 20 * 24 * 60 }, (_, i) => Math.floor(i / 5) % 50);
    await graphite.writeHistory("arch.metric", startS - 20 * 24 * hourS, 60, values);
    const question = { source: "Graphite", asked: "arch.metric", settings: {} };
    const query = { targets: [{ expression: "arch.metric", labels: {} }] };
    const days = (from: number, until: number) => ({
      startMs: (startS - from * 24 * hourS) * 1000,
      endMs: (startS - until * 24 * hourS) * 1000,
    });
    const fetched = (wanted: ReturnType<typeof days>) =>
      fetchHistory(openGraphite(), query, wanted, openCache(folder, question));
    const recent = await fetched(days(4, 1));
    expect(recent.pieces.flatMap(({ columns }) => columns.map(({ stepMs }) => stepMs))[0]).toBe(60_000);
    const whole = await fetched(days(19, 1));
    const series: Series[] = [];
    const { stepMs, notes } = joinPieces(whole.pieces, (one) => series.push(one));
    rmSync(folder, { recursive: true });
    expect([stepMs, series[0].values.length]).toEqual([300_000, 18 * 24 * 12]);
    expect(notes).toEqual([
      expect.stringMatching(/^arch\.metric has steps of 5m, then 1m from .*all is averaged to 5m/),
    ]);
    // Every five minutes hold one value, so averaging changes none.
    expect([...series[0].values]).toEqual(values.filter((_, i) => i % 5 === 0).slice(24 * 12, 19 * 24 * 12));
  });

  test("its own CSV export holds the same series as its JSON, quoted names and missing values too", async () => {
    const folder = mkdtempSync(join(tmpdir(), "anomaly-export-"));
    const expressions = ["fleet.*.lag.*", "sumSeries(fleet.n1.lag.visits,fleet.n1.lag.probes)"];
    const form = new URLSearchParams([
      ...expressions.map((expression): [string, string] => ["target", expression]),
      ["format", "csv"],
      ["tz", "UTC"],
      ["from", String(startS - 1)],
      ["until", String(range.endMs / 1000 - 1)],
    ]);
    const exported = await (await fetch(`${graphite.url}/render`, { method: "POST", body: form })).text();
    expect(exported).toMatch(/^fleet\.n1\.lag\.probes,/);
    expect(exported).toContain('"sumSeries(');
    writeFileSync(join(folder, "export.csv"), exported);
    const csv = await createCsvSource([folder], { timezone: "UTC" }).fetch(
      { targets: [{ expression: "*", labels: {} }] },
      range,
    );
    const json = await openGraphite().fetch(
      { targets: expressions.map((expression) => ({ expression, labels: {} })) },
      range,
    );
    const values = ({ series }: typeof csv) =>
      Object.fromEntries(series.map((s) => [s.name, [s.startMs, ...s.values]]));
    expect(Object.keys(values(csv))).toHaveLength(4);
    expect(values(csv)).toEqual(values(json));
    rmSync(folder, { recursive: true });
  });

  test("300 targets in a request are more than a GET takes, and come by POST", async () => {
    const many = Array.from({ length: 300 }, (_, i) => `fleet.n1.lag.visits_with_a_rather_long_name_${i}`);
    const { series, problems } = await fetchAll(openGraphite(500), [...many, "fleet.n1.lag.visits"]);
    expect([series.length, problems.length]).toEqual([1, 300]);
  });

  test("Grafana's proxy gets the token, the organisation and no query in the address", async () => {
    grafana.requests.length = 0;
    await fetchAll(openGrafana(), ["fleet.n1.lag.visits"]);
    expect(grafana.requests).toHaveLength(1);
    const [{ path, headers, form }] = grafana.requests;
    expect(path).toBe("/api/datasources/proxy/uid/graphite-1/render");
    expect([headers.authorization, headers["x-grafana-org-id"]]).toEqual(["Bearer glsa_test", "3"]);
    expect(form.get("from")).toBe(String(range.startMs / 1000 - 1));
    expect(form.has("maxDataPoints")).toBe(false);
  });

  test("what older versions of Grafana let Graphite average to 500 points comes whole", async () => {
    const startOfDay = startS - 20 * 3600;
    const values = Array.from({ length: 1200 }, (_, i) => i % 97);
    await graphite.writeHistory("long.metric", startOfDay, 60, values);
    const old = await startGrafanaStandIn(graphite.url, "glsa_old", "graphite-1", { oldPointLimit: 500 });
    const source = createGrafanaSource({
      url: old.url,
      datasourceUid: old.uid,
      token: old.token,
      http,
      via: "query",
    });
    const query = { targets: [{ expression: "long.metric", labels: {} }] };
    const { series } = await source.fetch(query, { startMs: startOfDay * 1000, endMs: startS * 1000 });
    await old.stop();
    expect(series[0].stepMs).toBe(60_000);
    expect([...series[0].values]).toEqual(values);
  });

  test("a token file is read at every request", async () => {
    const folder = mkdtempSync(join(tmpdir(), "anomaly-token-"));
    const file = join(folder, "token");
    const source = createGrafanaSource({ url: grafana.url, datasourceUid: grafana.uid, token: { file }, http });
    await expect(fetchAll(source, ["fleet.n1.lag.visits"])).rejects.toThrow(/secret file .*token cannot be read/);
    writeFileSync(file, "wrong\n");
    await expect(fetchAll(source, ["fleet.n1.lag.visits"])).rejects.toMatchObject({ code: "source.unauthorised" });
    writeFileSync(file, `${grafana.token}\n`);
    expect((await fetchAll(source, ["fleet.n1.lag.visits"])).series).toHaveLength(1);
    rmSync(folder, { recursive: true });
  });
});

/** Histories with the labels that the dialect of selectors gives their paths. */
const samples = (): SampleHistory[] => histories.map((one) => ({ ...one, labels: SELECTORS.labels(one.path) }));

const PROMQL: readonly [PromqlServer, boolean, (histories: readonly SampleHistory[]) => Promise<RunningServer>][] = [
  ["prometheus", prometheusAvailable(), startPrometheus],
  ["victoriametrics", victoriaAvailable(), startVictoria],
];

// Skipped where Debian's prometheus or victoria-metrics is not installed.
describe.each(PROMQL)("against a real %s on loopback", (kind, available, start) => {
  describe.skipIf(!available)("with three metrics and two counters", () => {
    let running: RunningServer;
    let grafana: GrafanaStandIn;
    let http: Http;
    const { startS } = histories[0];
    const range = { startMs: startS * 1000, endMs: (startS + 3 * 3600) * 1000 };
    /** Rises by 6 a minute, is set back to zero once, and by a restart at an instant between two samples. */
    const counted = Array.from({ length: 180 }, (_, i) => (i < 100 ? 6 * i : 6 * (i - 100)));

    beforeAll(async () => {
      http = createHttp({ retry: { retries: 0 } });
      const counters = ["a", "b"].map((instance) => ({
        labels: { __name__: "requests_total", instance, job: "api" },
        startS,
        stepS: 60,
        values: counted,
      }));
      running = await start([...samples(), ...counters]);
      grafana = await startGrafanaStandIn(running.url, "glsa_prom", "prom-1", { prometheus: true });
    }, 600_000);
    afterAll(async () => {
      await http?.close();
      await grafana?.stop();
      await running?.stop();
    });

    const open = (renamed = {}) => createPromqlSource({ server: kind, url: running.url, http, renamed });
    const openGrafana = (via: Via) =>
      createGrafanaSource({
        url: grafana.url,
        datasourceUid: grafana.uid,
        token: grafana.token,
        language: "promql",
        via,
        http,
      });

    describeSourceContract(kind, histories, async () => ({ source: open() }), SELECTORS);
    describeSourceContract(
      `${kind} behind grafana's proxy`,
      histories,
      async () => ({ source: openGrafana("proxy") }),
      SELECTORS,
    );
    describeSourceContract(
      `${kind} behind grafana's query API`,
      histories,
      async () => ({ source: openGrafana("query") }),
      SELECTORS,
    );

    const ask = (source: SeriesSource, expression: string, stepMs?: number) =>
      source.fetch({ targets: [{ expression, labels: {} }], stepMs }, range);

    test("all series of a reply come, with all their labels and the machine from the likeliest of them", async () => {
      const { series } = await ask(open(), "requests_total");
      expect(series.map(({ name, labels }) => [name, labels])).toEqual(
        ["a", "b"].map((instance) => [
          `requests_total{instance="${instance}",job="api"}`,
          { __name__: "requests_total", instance, job: "api", machine: instance, aggregator: "requests_total" },
        ]),
      );
      const renamed = await ask(open({ machine: "job", aggregator: "instance" }), "requests_total");
      expect(renamed.series.map(({ labels }) => [labels.machine, labels.aggregator])).toEqual([
        ["api", "a"],
        ["api", "b"],
      ]);
    });

    test("functions are evaluated on the step wanted; what has no labels left is called by its expression", async () => {
      const { series } = await ask(open(), "sum(rate(requests_total[10m]))", 600_000);
      expect([series[0].name, series[0].labels.machine, series[0].stepMs]).toEqual([
        "sum(rate(requests_total[10m]))",
        "sum(rate(requests_total[10m]))",
        600_000,
      ]);
      // Two counters that rise by 0.1 a second; the first slot has no ten minutes before it.
      expect(series[0].values[5]).toBeCloseTo(0.2, 10);
    });

    test("results with equal labels are a series for each query, and each is found again by its labels and its query", async () => {
      const lag = 'max by (machine) (fleet_lag{aggregator="visits"})';
      const probes = 'max by (machine) (fleet_lag{aggregator="probes"})';
      const [all] = [
        await open().fetch(
          {
            targets: [
              { expression: lag, labels: { query: "lag" } },
              { expression: probes, labels: { query: probes } },
              { expression: "requests_total", labels: {} },
            ],
            stepMs: 60_000,
          },
          range,
        ),
      ];
      expect(all.series.map(({ labels }) => labels)).toMatchObject([
        { query: "lag", machine: "n1", aggregator: "lag" },
        { query: "lag", machine: "n2", aggregator: "lag" },
        { query: probes, machine: "n1", aggregator: probes },
        { instance: "a", aggregator: "requests_total" },
        { instance: "b", aggregator: "requests_total" },
      ]);
      expect([all.problems, all.notes]).toEqual([[], []]);
      // The server's own values of the last slot, at which all three have one.
      const newest = (i: number) => histories[i].values.at(-1);
      expect(all.series.slice(0, 3).map(({ values }) => values.at(-1))).toEqual([newest(0), newest(1), newest(2)]);
      const expressions = [lag, lag, probes, "requests_total", "requests_total"];
      const targets = all.series.map(({ labels }, i) => ({ expression: expressions[i], labels }));
      for (const [i, target] of targets.entries()) {
        const { series } = await open().fetch({ targets: [target], stepMs: 60_000 }, range);
        expect(series).toEqual([all.series[i]]);
      }
      expect((await open().fetch({ targets, stepMs: 60_000 }, range)).series).toEqual(all.series);
    });

    test("asked as a Graphite behind Grafana it is said to be none", async () => {
      const { url, uid, token } = grafana;
      const asGraphite = createGrafanaSource({ url, datasourceUid: uid, token, http });
      await expect(ask(asGraphite, "fleet.n1.lag.visits")).rejects.toThrow(
        /prom-1 is a Prometheus and was queried as a Graphite/,
      );
    });

    test("a selector that leaves the name open gives each metric under its own", async () => {
      const { series } = await ask(open(), '{__name__=~"fleet_.*|requests_.*",machine!="n2"}', 300_000);
      expect(series.map(({ labels, stepMs }) => [labels.aggregator, stepMs])).toEqual([
        ["probes", 300_000],
        ["visits", 300_000],
        ["requests_total", 300_000],
        ["requests_total", 300_000],
      ]);
      expect(series[2].values[1]).toBeCloseTo((30 + 36 + 42 + 48 + 54) / 5, 12);
    });

    test("more points than one request may have come in several", async () => {
      const { series, problems } = await open().fetch(
        { targets: [{ expression: "requests_total", labels: {} }], stepMs: 60_000 },
        { startMs: range.endMs - 40_000 * 60_000, endMs: range.endMs },
      );
      expect(problems).toEqual([]);
      expect(series.map(({ values }) => values.length)).toEqual([40_000, 40_000]);
      expect([...series[0].values.slice(-180)]).toEqual(counted);
    });

    test("an expression that cannot be parsed fails alone, in the server's words", async () => {
      const { series, problems } = await open().fetch(
        { targets: ["fleet_lag", "sum(fleet_lag"].map((expression) => ({ expression, labels: {} })) },
        range,
      );
      expect(series).toHaveLength(3);
      expect(problems).toMatchObject([{ target: { expression: "sum(fleet_lag" }, kind: "failed" }]);
      expect(problems[0].reason).toMatch(/answered 4\d\d.*(parse|unclosed|missing|unexpected|cannot)/i);
    });
  });
});

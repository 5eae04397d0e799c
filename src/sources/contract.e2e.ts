import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { createHttp, type Http } from "../http/http.js";
import { formatUtc } from "../time/format.js";
import { createCsvSource } from "./csv/source.js";
import { createGrafanaSource } from "./grafana/source.js";
import { createGraphiteSource } from "./graphite/source.js";
import type { SeriesSource } from "./source.js";
import { CONTRACT_TEMPLATE, contractHistories, describeSourceContract } from "./testing/contract.js";
import { type GrafanaStandIn, startGrafanaStandIn } from "./testing/grafana-standin.js";
import { type GraphiteServer, graphiteAvailable, startGraphite } from "./testing/graphite-server.js";

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
  }, 60_000);
  afterAll(async () => {
    await http?.close();
    await grafana?.stop();
    await graphite?.stop();
  });

  const openGraphite = (size?: number) => createGraphiteSource({ url: graphite.url, http, maxTargetsPerRequest: size });
  const openGrafana = () =>
    createGrafanaSource({ url: `${grafana.url}/`, datasourceUid: grafana.uid, token: grafana.token, orgId: 3, http });

  describeSourceContract("graphite", histories, async () => ({ source: openGraphite() }));
  describeSourceContract("graphite, one target a request", histories, async () => ({ source: openGraphite(1) }));
  describeSourceContract("grafana", histories, async () => ({ source: openGrafana() }));

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

import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { SourceError } from "../../errors/errors.js";
import { createHttp, type Form, type Http } from "../../http/http.js";
import { createGraphiteSource } from "../graphite/source.js";
import type { SeriesSource } from "../source.js";
import { expandBraces } from "../testing/expand-braces.js";
import { type Fault, type GrafanaStandIn, startGrafanaStandIn } from "../testing/grafana-standin.js";
import { createGrafanaSource } from "./source.js";

const range = { startMs: 1_751_328_000_000, endMs: 1_751_328_240_000 };
const reply = (name: string, values: readonly (number | null | string)[]) =>
  `{"target": "${name}", "tags": {"name": "${name}"}, "datapoints": [${values.map((v, i) => `[${v}, ${1751328000 + i * 60}]`).join(", ")}]}`;
const replyOf = (...series: string[]): Fault => ({ kind: "status", status: 200, body: `[${series.join(", ")}]` });

let grafana: GrafanaStandIn;
let http: Http;
/** For silence, which is waited for; all else must not be taken for silence on a machine that is busy. */
let hasty: Http;
let source: SeriesSource;
/** Graphite itself with the same faults: the stand-in's proxy address is as good as any. */
let graphite: SeriesSource;

beforeAll(async () => {
  grafana = await startGrafanaStandIn();
  const options = { sleep: async () => {}, random: () => 0, retry: { retries: 2 }, maxResponseBytes: 100_000 };
  http = createHttp({ ...options, timeoutMs: 120_000 });
  hasty = createHttp({ ...options, timeoutMs: 2000 });
  const token = grafana.token;
  source = createGrafanaSource({ url: grafana.url, datasourceUid: grafana.uid, token, http });
  const proxy = `${grafana.url}/api/datasources/proxy/uid/${grafana.uid}/`;
  graphite = createGraphiteSource({ url: proxy, auth: { kind: "bearer", token }, http });
});
afterAll(async () => {
  await http.close();
  await hasty.close();
  await grafana.stop();
});
beforeEach(() => {
  grafana.requests.length = 0;
  grafana.failWhere(undefined);
});

const ask = (from: SeriesSource, ...expressions: string[]) =>
  from.fetch({ targets: expressions.map((expression) => ({ expression, labels: {} })) }, range);

const UNKNOWN = '{"message":"Unable to find datasource","traceID":""}';

describe("nothing can be fetched: the call fails with one sentence", () => {
  const status = (code: number, body?: string): Fault => ({ kind: "status", status: code, body });

  test.each<[string, Fault, string, RegExp, number]>([
    [
      "401",
      status(401),
      "unauthorised",
      /Grafana at 127\.0\.0\.1:\d+ answered 401: .*GRAFANA_SERVICE_ACCOUNT_TOKEN/,
      1,
    ],
    ["403", status(403), "forbidden", /may not query the data source graphite-1 .*datasources:query/, 2],
    ["404", status(404, UNKNOWN), "not_found", /no data source with the uid graphite-1/, 1],
    [
      "404 of the data source itself",
      status(404, "<h1>Not Found</h1>"),
      "not_found",
      /neither it nor the data source graphite-1 has/,
      1,
    ],
    [
      "403 of a Prometheus that is asked as a Graphite",
      status(403, '{"message":"non allow-listed POSTs not allowed on proxied Prometheus datasource"}'),
      "datasource_type",
      /is a Prometheus and was queried as a Graphite; give --query/,
      1,
    ],
    [
      "401 of another organisation",
      status(401, '{"message":"API key does not belong to the requested organization"}'),
      "unauthorised",
      /does not belong to the requested organization/,
      1,
    ],
    ["429", status(429), "rate_limited", /429: too many requests/, 3],
    ["502", status(502), "unavailable", /data source graphite-1 behind it is not available/, 3],
    ["a log-in page", { kind: "html" }, "html", /web page instead of JSON.*token/, 1],
    ["a reset", { kind: "reset" }, "reset", /closed the connection/, 3],
    ["silence", { kind: "silent" }, "timeout", /did not answer within 2 s/, 1],
  ])("Grafana: %s", async (_, fault, code, message, tries) => {
    grafana.failWhere(fault);
    const { url, uid, token } = grafana;
    const asked =
      fault.kind === "silent" ? createGrafanaSource({ url, datasourceUid: uid, token, http: hasty }) : source;
    const error = await ask(asked, "a.b").catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(SourceError);
    expect((error as SourceError).code).toBe(`source.${code}`);
    expect((error as Error).message).toMatch(message);
    expect((error as Error).message).not.toContain(grafana.token);
    expect(grafana.requests).toHaveLength(tries);
  });

  test.each([
    [401, "unauthorised"],
    [403, "forbidden"],
    [404, "not_found"],
    [502, "unavailable"],
  ])("Graphite: %i", async (code, kind) => {
    grafana.failWhere(status(code));
    await expect(ask(graphite, "a.b")).rejects.toMatchObject({
      code: `source.${kind}`,
      message: expect.stringContaining("/render answered"),
    });
  });

  test("a wrong token and an unknown uid, as Grafana itself answers them", async () => {
    const options = { url: grafana.url, datasourceUid: grafana.uid, token: "wrong", http };
    await expect(ask(createGrafanaSource(options), "a")).rejects.toMatchObject({ code: "source.unauthorised" });
    const lost = createGrafanaSource({ ...options, token: grafana.token, datasourceUid: "no/such" });
    await expect(ask(lost, "a")).rejects.toThrow("no data source with the uid no/such");
  });

  test("a server that is not there", async () => {
    const gone = createGrafanaSource({ url: "http://nowhere.invalid", datasourceUid: "x", http });
    await expect(ask(gone, "a")).rejects.toMatchObject({ code: "source.unreachable" });
  });

  test("the first refusal ends it: no second request with a wrong token", async () => {
    grafana.failWhere(status(401));
    const many = createGrafanaSource({
      url: grafana.url,
      datasourceUid: grafana.uid,
      token: grafana.token,
      http,
      maxTargetsPerRequest: 1,
    });
    await expect(ask(many, "a", "b", "c", "d")).rejects.toThrow("401");
    expect(grafana.requests).toHaveLength(1);
  });
});

describe("the query API, as Grafana 12.4 answers it", () => {
  const asking = (url: string, uid: string, token: string, via: "query" | "auto" | "proxy" = "query") =>
    createGrafanaSource({ url, datasourceUid: uid, token, http, via });
  const query = () => asking(grafana.url, grafana.uid, grafana.token);
  const body = (results: object, code = 200): Fault => ({
    kind: "status",
    status: code,
    body: JSON.stringify({ results }),
  });
  const many = Array.from({ length: 24 }, (_, i) => `m.n${i}`);
  const frame = (name: string, values: readonly number[]) => ({
    schema: {
      fields: [
        { name: "time", type: "time" },
        { name: "value", type: "number", labels: { name }, config: { displayNameFromDS: name } },
      ],
    },
    data: { values: [values.map((_, i) => range.startMs + i * 60_000), values] },
  });

  test("no result at all is no data", async () => {
    grafana.failWhere(body({}));
    const { series, problems } = await ask(query(), "a.b", "a.c");
    expect(series).toEqual([]);
    expect(problems.map(({ kind }) => kind)).toEqual(["no_data", "no_data"]);
    expect(grafana.requests).toHaveLength(1);
  });

  test("the empty name of 12.4.0 is that of the only query", async () => {
    grafana.failWhere(body({ "": { status: 200, frames: [frame("a.b", [1, 2, 3, 4])] } }));
    const { series } = await ask(query(), "a.b");
    expect(series.map(({ name, values }) => [name, [...values]])).toEqual([["a.b", [1, 2, 3, 4]]]);
  });

  test.each([502, 504])(
    "400 with %i inside is a data source that is not available, and nothing is split",
    async (inner) => {
      grafana.failWhere(
        body({ A: { status: inner, error: "connect: connection refused", errorSource: "downstream" } }, 400),
      );
      await expect(ask(query(), ...many)).rejects.toMatchObject({
        code: "source.unavailable",
        message: expect.stringMatching(
          /data source graphite-1 behind it is not available \(connect: connection refused\)/,
        ),
      });
      expect(grafana.requests).toHaveLength(3);
    },
  );

  test("400 with what Graphite refuses inside costs only the bad target", async () => {
    grafana.failWhere(body({ A: { status: 500, error: "bad target" } }, 400), (_, text) => text.includes("m.n7"));
    const { problems } = await ask(query(), "m.n7");
    expect(problems).toMatchObject([{ kind: "failed", reason: expect.stringMatching(/answered 500.*bad target/) }]);
  });

  test.each<["auto" | "proxy" | "query", RegExp]>([
    ["query", /through its query API/],
    ["proxy", /through its data-source proxy/],
    ["auto", /through its query API/],
  ])("403 with --via %s names the way that was taken last", async (via, way) => {
    const shut = await startGrafanaStandIn(undefined, "glsa_none", "graphite-1", {
      proxyForbidden: true,
      queryForbidden: true,
    });
    await expect(ask(asking(shut.url, shut.uid, shut.token, via), "a")).rejects.toMatchObject({
      code: "source.forbidden",
      message: expect.stringMatching(way),
    });
    expect(shut.requests).toHaveLength(via === "auto" ? 2 : 1);
    await shut.stop();
  });

  test("an unknown uid and a data source that is not there, in its own words", async () => {
    await expect(ask(asking(grafana.url, "lost", grafana.token), "a")).rejects.toThrow(
      "no data source with the uid lost",
    );
    await expect(ask(query(), "a")).rejects.toThrow("data source graphite-1 behind it is not available");
  });

  test("series that alias gave one name are not distinguished here, and a note says so", async () => {
    const name = "anomaly0:x";
    grafana.failWhere(body({ A: { status: 200, frames: [frame(name, [1, 2, 3, 4]), frame(name, [5, 6, 7, 8])] } }));
    const { series, notes } = await ask(query(), 'alias(m.*,"x")');
    expect(series.map(({ name: own, values }) => [own, [...values]])).toEqual([["x", [1, 2, 3, 4]]]);
    expect(notes).toEqual([expect.stringMatching(/^2 series are called x .* remove alias\(\)/)]);
  });
});

describe("something fails: the targets concerned are problems", () => {
  test.each<[string, Fault, RegExp]>([
    ["500", { kind: "status", status: 500 }, /answered 500/],
    ["400", { kind: "status", status: 400, body: "unknown function" }, /answered 400.*unknown function/],
    ["cut-off JSON", { kind: "cut_json" }, /cut off/],
    ["JSON of something else", { kind: "status", status: 200, body: '{"results":{}}' }, /not a Graphite reply/],
  ])("%s", async (_, fault, reason) => {
    grafana.failWhere(fault);
    const { series, problems } = await ask(source, "a.b");
    expect(series).toEqual([]);
    expect(problems).toMatchObject([{ kind: "failed", reason: expect.stringMatching(reason) }]);
  });

  test("an empty list is no data and never normal", async () => {
    grafana.failWhere({ kind: "empty_list" });
    const { series, problems } = await ask(source, "a.b", "a.c");
    expect(series).toEqual([]);
    expect(problems.map((p) => p.kind)).toEqual(["no_data", "no_data"]);
  });

  test("one bad target among eight costs only itself", async () => {
    const names = ["a", "b", "c", "d", "bad", "e", "f", "g"].map((name) => `m.${name}`);
    grafana.failWhere({ kind: "status", status: 400 }, (form) =>
      form.getAll("target").flatMap(expandBraces).includes("m.bad"),
    );
    // The halves without it are answered by the queue's order: any reply names its series, so all names go into each.
    const answering = createGrafanaSource({
      url: grafana.url,
      datasourceUid: grafana.uid,
      token: grafana.token,
      http: answered(http, names),
    });
    const { series, problems } = await ask(answering, ...names);
    expect(series.map((s) => s.name)).toEqual(names.filter((name) => name !== "m.bad"));
    expect(problems.map((p) => [p.target.expression, p.kind])).toEqual([["m.bad", "failed"]]);
  });

  test("after an answer, a failing server makes the rest failed and keeps what came", async () => {
    grafana.failNext(replyOf(reply("m.a", [1, 2, 3, 4])));
    grafana.failWhere({ kind: "status", status: 503 });
    const slow = createGrafanaSource({
      url: grafana.url,
      datasourceUid: grafana.uid,
      token: grafana.token,
      http,
      maxTargetsPerRequest: 1,
      concurrency: 1,
    });
    const { series, problems } = await ask(slow, "m.a", "m.b", "m.c");
    expect(series.map((s) => s.name)).toEqual(["m.a"]);
    expect(problems.map((p) => p.kind)).toEqual(["failed", "failed"]);
  });

  test("an answer beyond the size that is taken is requested in halves", async () => {
    const large = replyOf(reply("m.a", Array(9000).fill(1)));
    grafana.failNext(large, replyOf(reply("m.a", [1, 2, 3, 4])), replyOf(reply("m.b", [1, 2, 3, 4])));
    const { series, problems } = await ask(source, "m.a", "m.b");
    expect(series.map((s) => s.name)).toEqual(["m.a", "m.b"]);
    expect(problems).toEqual([]);
    expect(grafana.requests).toHaveLength(3);
  });
});

describe("odd replies", () => {
  test("null and infinity are missing, and infinity is reported", async () => {
    grafana.failNext(replyOf(reply("m.a", [1, null, "1e9999", "-1e9999"])));
    const { series, notes } = await ask(source, "m.a");
    expect([...series[0].values]).toEqual([1, Number.NaN, Number.NaN, Number.NaN]);
    expect(notes).toEqual(["2 infinite values are taken as missing"]);
  });

  test("a metric without any point in the range fails with that reason", async () => {
    grafana.failNext(replyOf(reply("m.a", [])));
    expect((await ask(source, "m.a")).problems).toMatchObject([
      { kind: "failed", reason: "m.a came with no point in this range" },
    ]);
  });

  test("two series of one identity: the first stays and a note names the second", async () => {
    grafana.failNext(replyOf(reply("m.x.a", [1, 2, 3, 4]), reply("m.y.a", [5, 6, 7, 8])));
    const query = { targets: [{ expression: "m.*.a", labels: {} }], template: "m.*.{machine}" };
    const { series, notes } = await source.fetch(query, range);
    expect(series.map((s) => s.name)).toEqual(["m.x.a"]);
    expect(notes[0]).toMatch(/^m\.y\.a has the same labels as m\.x\.a/);
  });

  test("names that the template does not fit are reported and taken whole", async () => {
    grafana.failNext(replyOf(reply("other", [1, 2, 3, 4])));
    const { series, notes } = await source.fetch(
      { targets: [{ expression: "other", labels: {} }], template: "m.{machine}.{aggregator}" },
      range,
    );
    expect(series[0].labels).toEqual({ machine: "other", aggregator: "value" });
    expect(notes[0]).toContain("does not fit the template");
  });
});

/** The client, but a request that passes the stand-in's faults (502 without a server behind it) is answered with these series. */
function answered(inner: Http, names: readonly string[]): Http {
  const answer = (form: Form): string | undefined => {
    const targets = form.filter(([name]) => name === "target").flatMap(([, value]) => expandBraces(value));
    if (targets.includes("m.bad")) return undefined;
    return `[${names.filter((name) => targets.includes(name)).map((name) => reply(name, [1, 2, 3, 4]))}]`;
  };
  return {
    ...inner,
    postFormText: async (url, form, options) => answer(form) ?? inner.postFormText(url, form, options),
    postForm: async (url, form, options) => {
      const text = answer(form);
      return text === undefined ? inner.postForm(url, form, options) : JSON.parse(text);
    },
  };
}

import { describe, expect, test } from "vitest";
import { testRecord } from "../../records/testing/record.js";
import { Findings } from "../findings.js";
import type { RunReport } from "../run/order.js";
import { SeriesTable } from "../run/series-table.js";
import { addApiRoutes, apiRoutes } from "./api-routes.js";
import { openApp } from "./app.js";
import { openApiDocument } from "./openapi.js";

const EPISODES = 25;

/** A server of one job with as many episodes and series; two episodes begin at each moment. */
function open() {
  const findings = new Findings();
  findings.setJobs(["j"]);
  const records = Array.from({ length: EPISODES }, (_, i) =>
    testRecord({
      id: `e${i}`,
      start: new Date(Math.floor(i / 2) * 60_000).toISOString(),
      severity: i < 5 ? "high" : "low",
    }),
  );
  findings.take("j", { kind: "records", changed: records });
  const statuses = records.map((_, i) => ({
    machine: `m${i}`,
    aggregator: "a",
    series: `m${i}`,
    labels: { machine: `m${i}` },
    state: i % 5 === 0 ? ("stale" as const) : ("ok" as const),
    score: null,
    last_at: null,
    last_value: null,
    reason: null,
  }));
  for (const piece of new SeriesTable().update(statuses, [])) findings.take("j", piece);
  const end = () => findings.ended("j", 0, { ids: null } as RunReport);
  end();
  const app = openApp({
    credentials: null,
    hostNames: [],
    mostRequests: 10,
    nowMs: () => 0,
    tls: null,
    onRequest: () => {},
    onFailure: () => {},
  });
  const routes = apiRoutes(findings);
  addApiRoutes(app, findings, routes);
  const get = async (url: string, headers: Record<string, string> = {}) => {
    const answer = await app.inject({ url, headers: { host: "localhost", ...headers } });
    return { status: answer.statusCode, body: answer.body === "" ? undefined : answer.json(), headers: answer.headers };
  };
  return { get, end, routes };
}

describe("the JSON API", () => {
  test.each(["episodes", "series"])(
    "gives all %s in pages, each once and in the order of one long page",
    async (what) => {
      const { get } = open();
      const whole = (await get(`/api/v1/${what}?limit=1000`)).body.data;
      expect(whole).toHaveLength(EPISODES);
      const paged: unknown[] = [];
      for (let after: string | null = ""; after !== null; ) {
        const query: string = after === "" ? "" : `&after=${encodeURIComponent(after)}`;
        const { body } = await get(`/api/v1/${what}?limit=7${query}`);
        expect(body.total).toBe(EPISODES);
        paged.push(...body.data);
        after = body.next;
      }
      expect(paged).toEqual(whole);
    },
  );

  test("filters by what is wanted, and refuses what it does not know", async () => {
    const { get } = open();
    expect((await get("/api/v1/episodes?severity=high")).body.total).toBe(5);
    expect((await get("/api/v1/series?state=stale")).body.total).toBe(5);
    expect(await get("/api/v1/episodes?severity=odd")).toMatchObject({ status: 400, body: { errorType: "bad_data" } });
    expect((await get("/api/v1/episodes?odd=1")).body.error).toBe("there is no parameter odd");
    expect((await get("/api/v1/episodes?job=odd")).body.error).toBe('there is no job "odd"; there are j');
    expect((await get("/api/v1/episodes/odd")).status).toBe(404);
  });

  test("answers 304 until a run has ended", async () => {
    const { get, end } = open();
    const etag = `${(await get("/api/v1/episodes")).headers["etag"]}`;
    expect((await get("/api/v1/episodes", { "if-none-match": etag })).status).toBe(304);
    expect((await get("/api/v1/episodes?limit=1", { "if-none-match": etag })).status).toBe(200);
    end();
    expect((await get("/api/v1/episodes", { "if-none-match": etag })).status).toBe(200);
  });

  test("is what its OpenAPI document says: every path is there, and takes every parameter", async () => {
    const { get, routes } = open();
    const { openapi, paths } = openApiDocument(routes, "1");
    expect(openapi).toBe("3.1.0");
    expect(Object.keys(paths).length).toBe(routes.length);
    const EXAMPLES: Readonly<Record<string, string>> = {
      since: "2026-01-01T00:00:00Z",
      until: "2026-01-01T00:00:00Z",
      job: "j",
      limit: "5",
    };
    for (const [path, { get: operation }] of Object.entries(paths)) {
      expect((await get(path.replace("{id}", "e1"))).status, path).toBe(200);
      for (const { name, in: place, schema } of operation.parameters) {
        if (place === "path") {
          expect(path).toContain(`{${name}}`);
          continue;
        }
        const { enum: choices } = schema as { readonly enum?: readonly string[] };
        const value = choices?.[0] ?? EXAMPLES[name] ?? "x";
        expect((await get(`${path.replace("{id}", "e1")}?${name}=${value}`)).status, `${path} ${name}`).toBe(200);
      }
    }
  });
});

import { afterAll, describe, expect, test } from "vitest";
import { parse } from "yaml";
import { openPlace } from "../../chain/testing/place.js";
import { type StandInOptions, startGrafanaStandIn } from "../../sources/testing/grafana-standin.js";

const place = openPlace({ data: false });
afterAll(() => place.remove());

const BOARD = {
  dashboard: {
    panels: [
      { id: 1, libraryPanel: { uid: "lib-1", name: "Lag of all" } },
      { id: 2, libraryPanel: { uid: "lib-2", name: "Gone" } },
      { id: 3, title: "Errors", datasource: { uid: "$ds" }, targets: [{ expr: 'errors{host="$host"}' }] },
    ],
    templating: {
      list: [
        { name: "ds", type: "datasource", current: { value: "Prom" } },
        { name: "host", type: "custom", query: "web01,web02", options: [] },
      ],
    },
  },
};
const LIBRARY = { result: { model: { title: "Lag", targets: [{ target: "fleet.*.$agg" }] } } };
const SETTINGS = {
  defaultDatasource: "Main",
  datasources: { Main: { uid: "g1", type: "graphite" }, Prom: { uid: "p1", type: "prometheus" } },
};
const DENIED = { accessErrorId: "ACE1", title: "Access denied", message: "You'll need additional permissions" };
const ANSWERS: Readonly<Record<string, { readonly status: number; readonly body: unknown }>> = {
  "/api/dashboards/uid/board": { status: 200, body: BOARD },
  "/api/dashboards/uid/shut": { status: 403, body: DENIED },
  "/api/library-elements/lib-1": { status: 200, body: LIBRARY },
  "/api/frontend/settings": { status: 200, body: SETTINGS },
};

async function withGrafana(
  options: StandInOptions,
  line: string,
  env: Readonly<Record<string, string>> = {},
): Promise<{ readonly status: number | null; readonly stdout: string; readonly stderr: string }> {
  const grafana = await startGrafanaStandIn(undefined, "glsa_test", "g1", {
    routes: (path) => ANSWERS[path],
    ...options,
  });
  const access = { GRAFANA_URL: grafana.url, GRAFANA_SERVICE_ACCOUNT_TOKEN: grafana.token };
  return place.sh(line, { env: { ...access, ...env } }).finally(() => grafana.stop());
}

describe("init --from-dashboard", { timeout: 600_000 }, () => {
  test("fetches library panels and the data sources that panels name, or leave to the default", async () => {
    const { status, stdout, stderr } = await withGrafana({}, "anomaly init --from-dashboard board -o -");
    expect(status, stderr).toBe(0);
    expect(parse(stdout)).toMatchObject({
      jobs: {
        lag: { "datasource-uid": "g1", "dashboard-uid": "board", template: "fleet.{machine}.{aggregator}" },
        errors: { "datasource-uid": "p1", query: ['errors{host=~"{host}"}'], var: ["host=web01,web02"] },
      },
    });
    expect(stderr).toMatch(/left out: library panel "Gone": Grafana at .* answered 404/);
  });

  test("a dashboard that the account may not read names that right, and not the right to query", async () => {
    const { status, stderr } = await withGrafana({}, "anomaly init --from-dashboard shut -o -");
    expect([status, stderr]).toEqual([
      1,
      expect.stringMatching(/may not read the dashboard shut; .*"dashboards:read"/),
    ]);
    expect(stderr).not.toContain("datasources:query");
  });
});

describe("doctor --source grafana", { timeout: 600_000 }, () => {
  const findings = async (options: StandInOptions, query: string, env = {}) => {
    const run = await withGrafana(options, `anomaly doctor --source grafana --datasource-uid ${query} --json`, env);
    const list: { check: string; verdict: string; says: string }[] = JSON.parse(run.stdout);
    return (check: string) => {
      const found = list.find((one) => one.check === check);
      return found && `${found.verdict}: ${found.says}`;
    };
  };

  test("says what the data source is where it is asked in another language, or is not there", async () => {
    const wrong = await findings({ prometheus: true }, "g1 --template 'a.{machine}'");
    expect(wrong("rights")).toBe("ok: the token may query and not write");
    expect(wrong("datasource")).toMatch(/^failed: "Test" is of the type prometheus and is queried with --template/);
    expect((await findings({}, "g1 --template 'a.{machine}'"))("datasource")).toBe(
      'ok: "Test" is of the type graphite',
    );
    expect((await findings({}, "g9 --query up"))("datasource")).toMatch(/^failed: .*data source with the uid g9/);
  });

  test("shows Grafana's own message where the token is of another organisation", async () => {
    const found = await findings({ orgId: 1 }, "g1 --query up", { GRAFANA_ORG_ID: "7" });
    for (const check of ["reachable", "series"]) {
      expect(found(check)).toMatch(/^failed: .*API key does not belong to the requested organization.*GRAFANA_ORG_ID/);
    }
  });
});

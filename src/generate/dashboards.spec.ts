import { parser } from "@prometheus-io/lezer-promql";
import { describe, expect, test } from "vitest";
import { metricHelp } from "../serve/exposition/findings-text.js";
import { parseQuery } from "../serve/promql/parse.js";
import { type DashboardSource, dashboardsFor } from "./dashboards.js";

interface Panel {
  readonly id: number;
  readonly title: string;
  readonly gridPos: { readonly x: number; readonly y: number; readonly w: number; readonly h: number };
  readonly datasource: { readonly uid: string };
  readonly targets: readonly {
    readonly refId: string;
    readonly expr: string;
    readonly datasource: { readonly uid: string };
  }[];
}
const panelsOf = (on: DashboardSource) =>
  Object.entries(dashboardsFor(["node", "lag"], on)).map(
    ([name, board]) => [name, board["panels"] as readonly Panel[]] as const,
  );
/** As Grafana sends it. */
const filled = (expr: string) => expr.replaceAll(/\$__rate_interval/g, "5m").replaceAll(/\$\w+/g, ".*");

describe.each(["prometheus", "serve", "graphite"] as const)("dashboards on %s", (on) => {
  test.each(panelsOf(on))("%s: every panel has a place of its own within the grid, and an id", (_, panels) => {
    expect(new Set(panels.map(({ id }) => id)).size).toBe(panels.length);
    const taken = new Set<string>();
    for (const { gridPos } of panels) {
      expect(gridPos.x + gridPos.w).toBeLessThanOrEqual(24);
      for (let x = gridPos.x; x < gridPos.x + gridPos.w; x++) {
        for (let y = gridPos.y; y < gridPos.y + gridPos.h; y++) {
          expect(taken.has(`${x} ${y}`)).toBe(false);
          taken.add(`${x} ${y}`);
        }
      }
    }
  });

  test("are importable: their uid is fixed, and the data source is a variable", () => {
    for (const [name, board] of Object.entries(dashboardsFor(["node"], on))) {
      expect(name).toBe(`${board.uid}.json`);
      expect(board["schemaVersion"]).toBe(39);
      expect(JSON.stringify(board)).toContain('"type":"datasource","name":"datasource"');
      expect(new Set((board["panels"] as readonly Panel[]).map(({ datasource }) => datasource.uid))).toEqual(
        new Set(["$datasource"]),
      );
    }
  });
});

describe.each(["prometheus", "serve"] as const)("dashboards on %s", (on) => {
  test.each(panelsOf(on))("%s: every query is PromQL that the data source can answer", (_, panels) => {
    for (const { targets } of panels) {
      expect(targets.length).toBeGreaterThan(0);
      for (const { expr } of targets) {
        let errors = 0;
        parser.parse(filled(expr)).iterate({ enter: ({ type }) => void (type.isError && errors++) });
        expect(errors, expr).toBe(0);
        if (on === "serve") expect(() => parseQuery(filled(expr)), expr).not.toThrow();
      }
    }
  });

  test("ask only metrics that there are", () => {
    const known = [
      ...Object.keys(metricHelp()),
      "anomaly_series",
      "anomaly_runs_total",
      "anomaly_run_duration_seconds_bucket",
      "anomaly_last_success_timestamp_seconds",
      "anomaly_warm_bytes",
      "anomaly_event_loop_delay_max_seconds",
      "anomaly_build_info",
      "anomaly_model_trained_timestamp_seconds",
      "anomaly_challenger_age_seconds",
      "anomaly_retrain_runs_total",
      "process_resident_memory_bytes",
    ];
    const asked = panelsOf(on).flatMap(([, panels]) =>
      panels.flatMap(({ targets }) => targets.flatMap(({ expr }) => expr.match(/\b(?:anomaly|process)_\w+/g) ?? [])),
    );
    expect(asked.length).toBeGreaterThan(5);
    expect(asked.filter((name) => !known.includes(name))).toEqual([]);
  });
});

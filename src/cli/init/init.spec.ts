import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { readConfigFile } from "../config/file.js";
import { jobsOfDashboard, withPathVariables, withPromqlVariables } from "./dashboard.js";
import { templateOf } from "./find.js";
import { settingsFile } from "./init.js";
import { jobName } from "./job-draft.js";

const DASHBOARD = {
  dashboard: {
    title: "Fleet",
    panels: [
      {
        title: "Length behind",
        datasource: { uid: "graphite-1", type: "graphite" },
        fieldConfig: { defaults: { unit: "percentunit" } },
        targets: [
          { refId: "A", target: "statsd.$server.gauges.lag.*" },
          { refId: "B", target: "scale(#A, 2)", targetFull: "scale(statsd.$server.gauges.lag.*, 2)" },
          { refId: "C", target: "sumSeries(#A)" },
          { refId: "D", target: "hidden.metric", hide: true },
        ],
      },
      {
        type: "row",
        title: "Folded",
        panels: [
          {
            title: "Errors: now!",
            targets: [
              {
                datasource: { uid: "prom-1" },
                expr: 'sum by (instance) (rate(errors_total{job="$job"}[$__rate_interval]))',
              },
              { datasource: { uid: "prom-1" }, expr: "topk($n, up)" },
              { rawSql: "select 1" },
            ],
          },
        ],
      },
    ],
  },
};

test("a dashboard's queries become jobs that the settings file takes; what cannot is a comment", () => {
  const drafts = jobsOfDashboard(DASHBOARD, "grafana.example.org");
  expect(drafts.jobs).toEqual([
    {
      name: "length-behind",
      comment: 'panel "Length behind", unit percentunit',
      settings: {
        source: "grafana",
        "datasource-uid": "graphite-1",
        template: "statsd.{machine}.gauges.lag.{aggregator}",
        model: "length-behind",
      },
    },
    {
      name: "length-behind-2",
      comment: 'panel "Length behind", unit percentunit',
      settings: {
        source: "grafana",
        "datasource-uid": "graphite-1",
        template: "scale(statsd.{machine}.gauges.lag.{aggregator}, 2)",
        model: "length-behind-2",
      },
    },
    {
      name: "errors-now",
      comment: 'panel "Errors: now!"',
      settings: {
        source: "grafana",
        "datasource-uid": "prom-1",
        query: ['sum by (instance) (rate(errors_total{job=~"{job}"}[5m]))'],
        model: "errors-now",
      },
    },
  ]);
  expect(drafts.leftOut).toEqual([
    'panel "Length behind", unit percentunit: sumSeries(#A) refers to another query',
    'panel "Errors: now!": topk($n, up) has a variable outside of a matcher',
    'panel "Errors: now!": a query that is neither Graphite\'s nor PromQL',
  ]);
  const folder = mkdtempSync(join(tmpdir(), "init-"));
  const path = join(folder, "anomaly.yaml");
  writeFileSync(path, settingsFile(drafts));
  const settings = readConfigFile(path);
  rmSync(folder, { recursive: true });
  expect(new Set(settings.map(({ job }) => job))).toEqual(new Set(["length-behind", "length-behind-2", "errors-now"]));
});

test.each([{}, null, [], { dashboard: {} }])("%j is no dashboard", (json) => {
  expect(() => jobsOfDashboard(json, "grafana.example.org")).toThrow(/grafana\.example\.org .*no dashboard/);
});

describe("variables", () => {
  test.each([
    ["a.$host.b", "a.{machine}.b"],
    [`a.\${host:regex}.[[kind]].b`, "a.{machine}.{aggregator}.b"],
    ["a.*.b.*", "a.{machine}.b.{aggregator}"],
    ["a.$aggregator.$machine", "a.{aggregator}.{machine}"],
    ["summarize(a.$host.b, '$__interval')", "summarize(a.{machine}.b, '1min')"],
    ["a.b", "a.b"],
  ])("%s of Graphite is %s", (path, template) => {
    expect(withPathVariables(path)).toBe(template);
  });

  test.each([
    [`up{a="$a",b=~"\${b:pipe}"}`, 'up{a=~"{a}",b=~"{b}"}'],
    ["rate(x[$__rate_interval])", "rate(x[5m])"],
    ["x[[[y]]]", undefined],
  ])("%s of PromQL is %s", (expression, written) => {
    expect(withPromqlVariables(expression)).toBe(written);
  });
});

test("of a find the node with most values is the machine", () => {
  const paths = ["s.visits.n1", "s.visits.n2", "s.visits.n3", "s.probes.n1"];
  expect(templateOf("s.*.*", paths)).toBe("s.{aggregator}.{machine}");
  expect(templateOf("s.visits.*", paths)).toBe("s.visits.{machine}");
  expect(templateOf("s.visits.n1", paths)).toBe("s.visits.n1");
});

test("every title is a job's name, each once, and never the word for all jobs", () => {
  expect(jobName("Länge: 24 h %", new Set())).toBe("l-nge-24-h");
  expect(jobName("all", new Set())).toBe("job");
  expect(jobName("???", new Set(["job"]))).toBe("job-2");
});

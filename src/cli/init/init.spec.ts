import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { jobsOfDashboard } from "../../discover/dashboard.js";
import { graphiteQuery, promqlQuery } from "../../discover/dashboard-query.js";
import { templateOf } from "../../discover/find-graphite.js";
import { jobName } from "../../discover/job-draft.js";
import { readConfigFile } from "../config/file.js";
import { settingsFile } from "./init.js";

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
    'panel "Errors: now!": topk($n, up) has a variable that is no value of a matcher',
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
  expect(() => jobsOfDashboard(json, "grafana.example.org")).toThrow(/grafana\.example\.org .*not a dashboard/);
});

describe("variables", () => {
  test.each([
    ["a.$host.b", "a.{machine}.b"],
    [`a.\${host:regex}.[[kind]].b`, "a.{machine}.{aggregator}.b"],
    ["a.*.b.*", "a.{machine}.b.{aggregator}"],
    ["a.$aggregator.$machine", "a.{aggregator}.{machine}"],
    ["summarize(a.$host.b, '$__interval')", "summarize(a.{machine}.b, '1min')"],
    ["a.b", "a.b"],
    ["fleet.*.$agg", "fleet.{machine}.{aggregator}"],
    ["fleet.$agg.*", "fleet.{aggregator}.{machine}"],
    ["a.$env.$host.lag.*", "a.{env}.{machine}.lag.{aggregator}"],
    ["a.$x.$x.*", "a.{machine}.{machine}.{aggregator}"],
    ["seriesByTag('name=lag','server=$server')", "seriesByTag('name=lag','server=~{machine}')"],
    ["seriesByTag('name=lag','server=~$server')", "seriesByTag('name=lag','server=~{machine}')"],
    ["aliasByNode(a.*.lag, 1)", "aliasByNode(a.{machine}.lag, 1)"],
  ])("%s of Graphite is %s", (path, template) => {
    expect(graphiteQuery(path).text).toBe(template);
  });

  test.each([
    [`up{a="$a",b=~"\${b:pipe}"}`, 'up{a=~"{a}",b=~"{b}"}'],
    ["rate(x[$__rate_interval])", "rate(x[5m])"],
    ["x[[[y]]]", undefined],
    ['up{instance=~"$host:.*"}', 'up{instance=~"{host}:.*"}'],
    ['up{instance!="$host"}', undefined],
    ['rate(x{le="0.5"}[$__rate_interval])', 'rate(x{le="0.5"}[5m])'],
  ])("%s of PromQL is %s", (expression, written) => {
    expect(promqlQuery(expression)?.text).toBe(written);
  });
});

describe("what a dashboard refers to", () => {
  const variables = [
    { name: "ds", type: "datasource", query: "graphite", current: { value: "Second Graphite" } },
    { name: "unset", type: "datasource", query: "graphite", current: { value: "default" } },
    { name: "agg", type: "custom", options: [{ value: "$__all" }, { value: "visits" }, { value: "presence" }] },
    { name: "env", type: "constant", query: "prod" },
    { name: "host", type: "query", current: { value: ["web01"] } },
    { name: "span", type: "interval", current: { value: "10m" } },
    { name: "n", type: "textbox", current: { value: "5" } },
  ];
  const sources = {
    defaultName: "Main",
    byName: new Map([
      ["Main", { uid: "g1", type: "graphite" }],
      ["Second Graphite", { uid: "g2", type: "graphite" }],
      ["Prom", { uid: "p1", type: "prometheus" }],
      ["Logs", { uid: "l1", type: "loki" }],
    ]),
  };
  const drafts = (panels: readonly unknown[], library: ReadonlyMap<string, unknown> = new Map()) =>
    jobsOfDashboard({ dashboard: { panels, templating: { list: variables } } }, "g", { sources, library });
  const settings = (panel: object) => drafts([{ title: "p", ...panel }]).jobs.map((job) => job.settings);

  test.each<[string, object, string | undefined]>([
    ["none is the default one", {}, "g1"],
    ["null is the default one", { datasource: null }, "g1"],
    ["a name is its uid", { datasource: "Second Graphite" }, "g2"],
    ["a uid is itself", { datasource: { uid: "g2", type: "graphite" } }, "g2"],
    ["a variable is what is chosen", { datasource: { uid: `\${ds}` } }, "g2"],
    ["a variable that stands at the default is that", { datasource: { uid: "$unset" } }, "g1"],
    ["a mixed panel's default", { datasource: { uid: "-- Mixed --" } }, "g1"],
  ])("data source: %s", (_, panel, uid) => {
    expect(settings({ ...panel, targets: [{ target: "a.b" }] })[0]["datasource-uid"]).toBe(uid);
  });

  test("variables: options of custom ones are values, constants and spans are themselves, what a query brings stays open", () => {
    expect(settings({ targets: [{ target: "summarize($env.$host.lag.$agg, '$span')" }] })).toEqual([
      {
        source: "grafana",
        "datasource-uid": "g1",
        template: "summarize(prod.{machine}.lag.{aggregator}, '10min')",
        var: ["aggregator=visits,presence"],
        model: "p",
      },
    ]);
    const expr = 'topk($n, lag{agg="$agg",env="$env",host=~"$host"})';
    expect(settings({ datasource: "Prom", targets: [{ expr }, { expr: 'up{agg!="$agg"}' }] })).toEqual([
      {
        source: "grafana",
        "datasource-uid": "p1",
        query: ['topk(5, lag{agg=~"{agg}",env="prod",host=~"{host}"})', 'up{agg!~"{agg}"}'],
        var: ["agg=visits,presence"],
        model: "p",
      },
    ]);
  });

  test("a library panel is what the library holds; one that it does not give is named", () => {
    const panels = [
      { libraryPanel: { uid: "lib", name: "Lag of all" } },
      { libraryPanel: { uid: "gone", name: "Old" } },
    ];
    const library = new Map<string, unknown>([
      ["lib", { title: "Lag", targets: [{ target: "lag.*" }] }],
      ["gone", new Error("it is not there")],
    ]);
    const made = drafts(panels, library);
    expect(made.jobs.map(({ name, settings: { template } }) => [name, template])).toEqual([["lag", "lag.{machine}"]]);
    expect(made.leftOut).toEqual(['library panel "Old": it is not there']);
  });

  test("a query of Loki is none of PromQL, and queries to two Prometheus are two jobs", () => {
    const logs = drafts([{ title: "l", datasource: "Logs", targets: [{ expr: '{app="x"}' }] }]);
    expect(logs).toEqual({
      jobs: [],
      leftOut: ['panel "l": a query that is neither Graphite\'s nor PromQL (its data source is of the type loki)'],
    });
    const two = settings({
      datasource: { uid: "-- Mixed --" },
      targets: [
        { expr: "up", datasource: { uid: "p1" } },
        { expr: "down", datasource: { uid: "p2", type: "prometheus" } },
      ],
    });
    expect(two.map((one) => one["query"])).toEqual([["up"], ["down"]]);
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

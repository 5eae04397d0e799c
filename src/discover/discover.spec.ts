import { describe, expect, test } from "vitest";
import { isSelector } from "../sources/promql/selector.js";
import { chooseJobs, type FamilyFacts } from "./choose-jobs.js";
import { EXPORTER_SETS, metricsIn } from "./exporter-sets.js";
import { machineLabel } from "./machine-label.js";
import { metricFamilies } from "./metric-family.js";
import { queriesOf } from "./metric-query.js";

const families = (names: readonly string[], types: Readonly<Record<string, string>> = {}) =>
  metricFamilies(names, new Map(Object.entries(types))).map(({ name, type, probe }) => [name, type, probe]);

describe("metric families", () => {
  test("without types the endings decide, and what describes something is no metric", () => {
    const names = [
      "a_bucket",
      "a_count",
      "a_sum",
      "b_total",
      "c",
      "d_info",
      "e_created",
      "f_count",
      "f_sum",
      "g_count",
    ];
    expect(families(names)).toEqual([
      ["a", "histogram", "a_count"],
      ["b_total", "counter", "b_total"],
      ["c", "gauge", "c"],
      ["f", "summary", "f_count"],
      ["g_count", "counter", "g_count"],
    ]);
  });

  test("types that the server knows decide over endings", () => {
    const types = { users_total: "gauge", steps: "counter", pages: "counter", t: "summary" };
    const names = ["users_total", "steps", "pages_total", "t", "t_count", "t_sum"];
    expect(families(names, types)).toEqual([
      ["users_total", "gauge", "users_total"],
      ["steps", "counter", "steps"],
      ["pages_total", "counter", "pages_total"],
      ["t", "summary", "t_count"],
    ]);
  });
});

test("counters are rates, histograms their 99th percentile, summaries their mean, gauges themselves; each by machine", () => {
  const asked = (type: "counter" | "gauge" | "histogram" | "summary", isSingle = true) =>
    queriesOf({ name: "x_total", type, probe: "" }, { by: "host", window: "5m", isSingle }).map(
      (one) => one.expression,
    );
  expect(asked("counter")).toEqual(["sum by (host) (rate(x_total[5m]))"]);
  expect(asked("histogram")[0]).toBe("histogram_quantile(0.99, sum by (host, le) (rate(x_total_bucket[5m])))");
  expect(asked("summary")[0]).toBe("sum by (host) (rate(x_total_sum[5m])) / sum by (host) (rate(x_total_count[5m]))");
  expect([asked("gauge"), asked("gauge", false)]).toEqual([["max by (host) (x_total)"], ["avg by (host) (x_total)"]]);
});

test.each<[Readonly<Record<string, number>>, string | undefined]>([
  [{ instance: 1, host: 4 }, "host"],
  [{ instance: 4, host: 4 }, "instance"],
  [{ instance: 1, job: 3 }, "instance"],
  [{ job: 3 }, undefined],
])("machines of %j differ in %s", (values, label) => {
  expect(machineLabel(new Map(Object.entries(values)))).toBe(label);
});

describe("jobs", () => {
  const fact = (name: string, more: Partial<FamilyFacts> = {}): FamilyFacts => {
    const [family] = metricFamilies([name], new Map());
    return { family, series: 2, varying: 2, labels: new Map([["instance", 2]]), isMoment: false, ...more };
  };
  const choose = (facts: readonly FamilyFacts[], sets = true) => chooseJobs(facts, { sets, window: "5m" });
  const named = (facts: readonly FamilyFacts[], sets?: boolean) =>
    choose(facts, sets).jobs.map(({ name, queries }) => [name, queries.map((one) => one.name)]);

  test("of an exporter that is known the ready-made queries for what it has, still or not, and nothing else of it", () => {
    const facts = ["node_load1", "node_network_receive_errs_total", "node_boot_time_seconds"].map((name) =>
      fact(name, { varying: name === "node_load1" ? 2 : 0 }),
    );
    expect(named([...facts, fact("queue_length")])).toEqual([
      ["node", ["load1", "network_errors"]],
      ["other", ["queue_length"]],
    ]);
    expect(named(facts, false)).toEqual([["other", ["node_load1"]]]);
  });

  test("of all others what varies; constants, points in time and metrics of thousands of series are named as left out", () => {
    const facts = [
      ...["api_a", "api_b", "api_c_total", "queue"].map((name) => fact(name)),
      fact("limit", { varying: 0 }),
      fact("booted_time", { isMoment: true }),
      fact("per_user", { series: 9000 }),
    ];
    expect(named(facts)).toEqual([
      ["api", ["api_a", "api_b", "api_c_rate"]],
      ["other", ["queue"]],
    ]);
    expect(choose(facts).leftOut).toEqual([
      "1 metrics that did not vary in the last hours",
      "per_user: it has 9000 series; sum it up in a query of your own",
      "points in time: booted_time",
    ]);
  });

  test("metrics whose machines differ in another label are a job of their own", () => {
    const hosts = new Map([
      ["host", 3],
      ["instance", 1],
    ]);
    const { jobs } = choose([fact("a"), fact("b", { labels: hosts, series: 6 })]);
    expect(jobs.map(({ by, queries }) => [by, queries[0].expression])).toEqual([
      ["instance", "max by (instance) (a)"],
      ["host", "avg by (host) (b)"],
    ]);
  });
});

test("every ready-made query is a function over metrics of its own exporter, and its name is given once", () => {
  for (const { queries, owns, name } of EXPORTER_SETS) {
    expect(new Set(queries.map((one) => one.name)).size, name).toBe(queries.length);
    for (const { expression } of queries) {
      const metrics = metricsIn(expression);
      expect([expression, metrics.length > 0, metrics.every((metric) => owns.test(metric))]).toEqual([
        expression,
        true,
        true,
      ]);
      expect(isSelector(expression)).toBe(false);
    }
  }
});

import { describe, expect, test } from "vitest";
import type { Findings, JobFindings } from "../findings.js";
import { OwnPaths, pathsOfSeries } from "./paths.js";

const identity = (name: string, labels: Readonly<Record<string, string>> = {}) => ({
  name,
  machine: name,
  aggregator: "value",
  labels: { name, ...labels },
});

function ownPaths(jobs: Readonly<Record<string, readonly string[]>>): OwnPaths {
  const all = Object.entries(jobs).map(([name, names]) => ({
    name,
    version: 1,
    series: () => names.map((one) => identity(one)),
  }));
  return new OwnPaths({ all: () => all as unknown as JobFindings[] } as unknown as Findings);
}

describe("the path of a series", () => {
  test.each([
    ["servers.web1.load", "servers.web1.load"],
    ['load{instance="10.0.0.1:9100",job="a b"}', "load_instance_10_0_0_1:9100_job_a_b"],
    ["sumSeries(a.b,c)", "sumSeries_a_b_c"],
    ["cpu;host=web1", "cpu_host_web1"],
    ["a..b", "a_b"],
    ["größe.µs", "größe.µs"],
    ["{}", "_"],
  ])("%s → %s", (name, path) => {
    expect([...pathsOfSeries([identity(name)]).keys()]).toEqual([path]);
  });

  test("of two that would be the same tells them apart by their labels, in whatever order they come", () => {
    const both = [identity("a(b)", { x: "1" }), identity("a b", { x: "2" })];
    const paths = pathsOfSeries(both);
    expect([...paths.keys()]).toEqual([
      expect.stringMatching(/^a_b_[0-9a-f]{8}$/),
      expect.stringMatching(/^a_b_[0-9a-f]{8}$/),
    ]);
    expect(pathsOfSeries(both.toReversed())).toEqual(paths);
  });
});

describe("the tree of paths", () => {
  const paths = ownPaths({ "node 1": ["s.web1.cpu", "s.web1.cpu.user", "s.web2.cpu"], lag: ["q.lag"], empty: [] });
  const find = async (pattern: string) =>
    (await paths.find(pattern)).map(({ path, isLeaf }) => `${path}${isLeaf ? "" : "."}`);

  test.each([
    ["*", ["anomaly."]],
    ["other", []],
    ["anomaly.*", ["anomaly.lag.", "anomaly.node_1."]],
    ["anomaly.lag.{score,up*}", ["anomaly.lag.score.", "anomaly.lag.upper."]],
    ["anomaly.*.score.*", ["anomaly.lag.score.q.", "anomaly.node_1.score.s."]],
    ["anomaly.node_1.score.s.*.cpu", ["anomaly.node_1.score.s.web1.cpu.", "anomaly.node_1.score.s.web2.cpu"]],
    ["anomaly.node_1.score.s.web1.cpu.*", ["anomaly.node_1.score.s.web1.cpu.user"]],
    ["anomaly.node_1.score.s.web2.cpu.*", []],
  ])("%s", async (pattern, found) => {
    expect(await find(pattern)).toEqual(found);
  });

  test("a pattern names the leaves of exactly its length", async () => {
    const named = async (pattern: string) => (await paths.matching(pattern)).map(({ path }) => path);
    expect(await named("anomaly.*.score.s.web?.cpu")).toEqual([
      "anomaly.node_1.score.s.web1.cpu",
      "anomaly.node_1.score.s.web2.cpu",
    ]);
    expect(await named("anomaly.*.{score,lower}.q.*")).toEqual(["anomaly.lag.lower.q.lag", "anomaly.lag.score.q.lag"]);
    expect(await named("anomaly.node_1.score")).toEqual([]);
    expect([...paths.all()]).toHaveLength(5 * 4);
  });

  test("a job that has run again has the series of that run", async () => {
    const job = { name: "j", version: 1, series: () => [identity("a")] };
    const own = new OwnPaths({ all: () => [job as unknown as JobFindings] } as unknown as Findings);
    expect(await own.matching("anomaly.j.score.*")).toHaveLength(1);
    Object.assign(job, { version: 2, series: () => [identity("b"), identity("c")] });
    expect((await own.matching("anomaly.j.score.*")).map(({ path }) => path)).toEqual([
      "anomaly.j.score.b",
      "anomaly.j.score.c",
    ]);
  });
});

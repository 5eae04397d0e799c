import { spawnSync } from "node:child_process";
import { describe, expect, test } from "vitest";
import type { JobFindings } from "../findings.js";
import type { SeriesNow } from "../run/series-now.js";
import { findingsText } from "./findings-text.js";

const NOW_MS = Date.parse("2026-01-01T12:00:00Z");
const series = (more: Partial<SeriesNow> = {}): SeriesNow => ({
  name: "up",
  machine: "m",
  aggregator: "lag",
  labels: { machine: "m", aggregator: "lag" },
  state: "ok",
  reason: null,
  atMs: NOW_MS - 60_000,
  observed: 3,
  expected: 2,
  lower: 1,
  upper: Number.POSITIVE_INFINITY,
  score: 0.25,
  ...more,
});
const job = (name: string, ...all: SeriesNow[]) =>
  ({ name, series: () => all, records: () => [] }) as unknown as JobFindings;
/** A job with episodes of these machines, each with its severity and status. */
const withEpisodes = (name: string, all: readonly SeriesNow[], ...episodes: readonly (readonly string[])[]) =>
  ({
    name,
    series: () => all,
    records: () =>
      episodes.map(([machine, severity, status]) => ({
        ...{ machine, severity, status, aggregator: "lag", series: "up" },
        labels: { machine, aggregator: "lag", dc: 'a"b' },
      })),
  }) as unknown as JobFindings;
const text = (jobs: JobFindings[], more: Partial<Parameters<typeof findingsText>[1]> = {}) =>
  [...findingsText(jobs, { names: "anomaly", nowMs: NOW_MS, mostSeries: 100, ...more })].join("");
const lines = (all: string, name: string) => all.split("\n").filter((line) => line.startsWith(`${name}{`));

describe("the findings as text", () => {
  test("carry the data's time, the job, the metric and the labels of the series", () => {
    const all = text([job("node", series())]);
    expect(lines(all, "anomaly_score")).toEqual([
      `anomaly_score{job="node",for="lag",machine="m",aggregator="lag"} 0.25 ${NOW_MS - 60_000}`,
    ]);
    expect(lines(all, "anomaly_upper")).toEqual([
      `anomaly_upper{job="node",for="lag",machine="m",aggregator="lag"} +Inf ${NOW_MS - 60_000}`,
    ]);
    expect(lines(all, "anomaly_status")).toEqual([
      'anomaly_status{job="node",for="lag",machine="m",aggregator="lag",status="ok"} 1',
    ]);
  });

  test("move an inherited label aside that has a name of ours, and escape values", () => {
    const labels = { __name__: "http", job: "api", "odd-name": 'a"b\\c\nd', status: "500", "9": "x" };
    expect(lines(text([job("web", series({ labels }))]), "anomaly_score")).toEqual([
      String.raw`anomaly_score{job="web",for="http",_9="x",exported_job="api",odd_name="a\"b\\c\nd",exported_status="500"} 0.25 ${NOW_MS - 60_000}`,
    ]);
  });

  test("leave out figures that are not known, and count series beyond the limit or too old to be taken", () => {
    const old = series({ labels: { machine: "old" }, atMs: NOW_MS - 2 * 3_600_000 });
    const warming = series({ labels: { machine: "new" }, atMs: Number.NaN, score: Number.NaN, state: "warming" });
    const all = text([job("a", series(), old, warming, series({ labels: { machine: "z" } }))], { mostSeries: 3 });
    expect(lines(all, "anomaly_score")).toHaveLength(1);
    expect(lines(all, "anomaly_status")).toHaveLength(3);
    expect(lines(all, "anomaly_left_out_series")).toEqual([
      'anomaly_left_out_series{reason="limit"} 1',
      'anomaly_left_out_series{reason="old"} 1',
    ]);
  });

  test("count open episodes under the labels of their series, and by job", () => {
    const all = text([
      withEpisodes(
        "node",
        [],
        ["m1", "high", "open"],
        ["m1", "high", "open"],
        ["m1", "low", "closed"],
        ["m2", "critical", "open"],
      ),
    ]);
    expect(lines(all, "anomaly_open_episodes")).toEqual([
      String.raw`anomaly_open_episodes{job="node",for="lag",machine="m1",aggregator="lag",dc="a\"b",severity="high"} 2`,
      String.raw`anomaly_open_episodes{job="node",for="lag",machine="m2",aggregator="lag",dc="a\"b",severity="critical"} 1`,
    ]);
    expect(lines(all, "anomaly_job_open_episodes")).toEqual([
      'anomaly_job_open_episodes{job="node",severity="low"} 0',
      'anomaly_job_open_episodes{job="node",severity="medium"} 0',
      'anomaly_job_open_episodes{job="node",severity="high"} 2',
      'anomaly_job_open_episodes{job="node",severity="critical"} 1',
    ]);
  });

  test("leave open episodes of series beyond the limit out too, and count them by job", () => {
    const of = (machine: string) => series({ labels: { machine, aggregator: "lag", dc: 'a"b' } });
    const all = text([withEpisodes("node", [of("m1"), of("m2")], ["m1", "high", "open"], ["m2", "high", "open"])], {
      mostSeries: 1,
    });
    expect(lines(all, "anomaly_open_episodes")).toEqual([expect.stringContaining('machine="m1"')]);
    expect(lines(all, "anomaly_job_open_episodes")[2]).toBe('anomaly_job_open_episodes{job="node",severity="high"} 2');
  });

  test("with the names of forecasts have each metric's own beside ours", () => {
    const all = text([job("a", series(), series({ aggregator: "9 odd", labels: { machine: "m" } }))], {
      names: "yhat",
    });
    expect(lines(all, "lag_yhat")).toEqual([
      `lag_yhat{job="a",for="lag",machine="m",aggregator="lag"} 2 ${NOW_MS - 60_000}`,
    ]);
    expect(lines(all, "_9_odd_yhat_lower")).toHaveLength(1);
  });

  test("pass promtool", ({ skip }) => {
    if (spawnSync("promtool", ["--version"]).error !== undefined) skip("promtool is not installed");
    const labels = { __name__: "x", job: "a", ö: "ü\n" };
    for (const names of ["anomaly", "yhat"] as const) {
      const input = text(
        [job("a", series(), series({ labels })), withEpisodes("b", [], ["m", "low", "open"], ["n", "high", "open"])],
        { names },
      );
      const { stderr, status } = spawnSync("promtool", ["check", "metrics"], { input, encoding: "utf8" });
      expect([stderr, status]).toEqual(["", 0]);
    }
  });
});

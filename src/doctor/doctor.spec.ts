import { describe, expect, test } from "vitest";
import type { Series } from "../series/series.js";
import { HOUR_MS } from "../time/duration.js";
import { checkClock } from "./clock.js";
import { checkDatasource } from "./datasource.js";
import { checkHistory } from "./history.js";
import { checkRights } from "./rights.js";
import { checkArchives, checkSeries } from "./series-checks.js";

const MINUTE_MS = 60_000;
const NOW_MS = 1440 * MINUTE_MS;
const made = (name: string, values: readonly number[], stepMs = MINUTE_MS): Series => ({
  name,
  labels: { machine: name, aggregator: "a" },
  startMs: 0,
  stepMs,
  values: Float64Array.from(values),
});
const wave = (slots: number) => Array.from({ length: slots }, (_, i) => 10 + Math.sin(i / 7));
const verdicts = (series: readonly Series[], nowMs = NOW_MS, rate = false) =>
  Object.fromEntries(checkSeries(series, nowMs, rate).map(({ check, verdict }) => [check, verdict]));
const says = (series: readonly Series[], check: string, nowMs = NOW_MS) =>
  checkSeries(series, nowMs, false).find((finding) => finding.check === check)?.says;

describe("series", () => {
  test("an ordinary day is all well", () => {
    expect(verdicts([made("a", wave(1440))])).toEqual({
      series: "ok",
      step: "ok",
      gaps: "ok",
      settle: "ok",
      counters: "ok",
    });
  });

  test("none at all is a failure", () => {
    expect(verdicts([])).toEqual({ series: "failed" });
  });

  test("another step, gaps and late values are reported with the option that helps", () => {
    const coarse = made("b", wave(288), 5 * MINUTE_MS);
    expect(says([made("a", wave(1440)), made("c", wave(1440)), coarse], "step")).toMatch(
      /1m, but b every 5m; --step 5m/,
    );
    const gappy = made(
      "b",
      wave(1440).map((value, i) => (i % 4 === 0 ? Number.NaN : value)),
    );
    expect(says([gappy], "gaps")).toMatch(/^b lacks more than 5 % of the slots, at worst 25 %/);
    expect(says([made("a", wave(1400))], "settle")).toBe(
      "newest values come up to 40m late; --settle 40m looks only at what is there",
    );
  });

  test("a silent series is named, and does not make the others wait for it", () => {
    const live = ["a", "b", "c", "d", "e"].map((name) => made(name, wave(1439)));
    const series = [...live, made("silent", wave(1340))];
    expect(verdicts(series)["settle"]).toBe("warning");
    expect(says(series, "settle")).toBe(
      "nine of ten series are at most 1m behind the clock; silent has had no value for more than 13m",
    );
  });

  test("counters are known by rising, with their resets, and are well as rates", () => {
    const counter = made(
      "c",
      Array.from({ length: 1440 }, (_, i) => (i % 500) * 3),
    );
    expect(says([counter], "counters")).toMatch(/^c only rises, .*\(2 resets in 24h\); --rate/);
    expect(verdicts([counter], NOW_MS, true)["counters"]).toBe("ok");
    expect(verdicts([made("flat", Array(1440).fill(4))])["counters"]).toBe("ok");
  });
});

test("archives: the first age at which the step is coarser", () => {
  const steps = [HOUR_MS, 24 * HOUR_MS, 144 * HOUR_MS, 312 * HOUR_MS].map((ageMs, i) => ({
    ageMs,
    stepMs: i < 3 ? 60_000 : 300_000,
  }));
  expect(checkArchives(steps).says).toBe(
    "the step is 1m, but 5m at an age of 13d; training with --from -6d --step 1m keeps the fine one",
  );
  expect(checkArchives(steps.slice(0, 3))).toMatchObject({ verdict: "ok", says: "one step of 1m at least 6d back" });
  expect(checkArchives([{ ageMs: HOUR_MS, stepMs: Number.NaN }]).verdict).toBe("unknown");
});

test.each<[string, unknown, string]>([
  ["may query", { "datasources:query": ["*"], "dashboards:read": ["*"], "annotations:write": ["*"] }, "ok"],
  ["may write, too", { "datasources:query": ["*"], "dashboards:write": ["*"] }, "warning"],
  ["has the role Viewer", { "datasources:query": ["*"], "orgs.quotas:read": [""], "teams:read": ["*"] }, "ok"],
  ["may manage users", { "datasources:query": ["*"], "users.permissions:write": ["*"] }, "warning"],
  ["may not query", { "dashboards:read": ["*"] }, "failed"],
  ["is not reported", null, "unknown"],
])("a token that %s", (_, permissions, verdict) => {
  expect(checkRights(permissions).verdict).toBe(verdict);
});

test.each<[string, string | undefined, string]>([
  ["agrees", "Thu, 01 Jan 1970 00:16:40 GMT", "ok"],
  ["is ahead", "Thu, 01 Jan 1970 00:20:00 GMT", "warning"],
  ["is behind", "Thu, 01 Jan 1970 00:10:00 GMT", "warning"],
  ["is not reported", undefined, "unknown"],
])("a clock that %s", (_, date, verdict) => {
  expect(checkClock(date, 1_000_500, 1_000_700).verdict).toBe(verdict);
});

test.each<[string, number, string, string]>([
  [
    "an hour",
    23,
    "warning",
    "1h so far; infer scores from 1970-01-02T23:00Z, train works from 1970-01-04T23:00Z and learns the week from 1970-01-16T23:00Z",
  ],
  ["nothing", 24, "unknown", "no value shows when the series began"],
])("history of %s", (_, missingHours, verdict, text) => {
  const values = Array.from({ length: 1440 }, (_value, i) => (i < missingHours * 60 ? Number.NaN : i));
  expect(checkHistory([made("a", values)], NOW_MS)).toEqual({ check: "history", verdict, says: text });
});

test("history of four days is enough to train, and of two weeks for all", () => {
  const days = (count: number) =>
    [{ ...made("a", wave(1440)), startMs: 0 }].map((one) => checkHistory([one], count * 24 * HOUR_MS));
  expect(days(4)[0]).toMatchObject({
    verdict: "ok",
    says: "4d so far; infer scores now, train works now and learns the week from 1970-01-16T00:00Z",
  });
  expect(days(15)[0]).toMatchObject({ verdict: "ok", says: "at least 15d, enough to train" });
});

test.each<[string, unknown, "graphite" | "promql", string, RegExp]>([
  ["a Graphite asked as one", { type: "graphite", name: "Main" }, "graphite", "ok", /^"Main" is of the type graphite$/],
  ["a Prometheus asked as one", { type: "prometheus" }, "promql", "ok", /^u1 is of the type prometheus$/],
  ["a Mimir of a cloud", { type: "grafana-amazonprometheus-datasource" }, "promql", "ok", /amazonprometheus/],
  ["a Prometheus asked as a Graphite", { type: "prometheus" }, "graphite", "failed", /give --query \(PromQL\), or/],
  [
    "a Graphite asked as a Prometheus",
    { type: "graphite" },
    "promql",
    "failed",
    /give --template \(Graphite's paths\), or/,
  ],
  ["a Loki", { type: "loki" }, "promql", "failed", /type loki, which is neither/],
  ["an answer without a type", {}, "promql", "unknown", /does not say what kind/],
])("the data source: %s", (_, json, language, verdict, says) => {
  const found = checkDatasource(json, "u1", language);
  expect([found.verdict, found.says]).toEqual([verdict, expect.stringMatching(says)]);
});

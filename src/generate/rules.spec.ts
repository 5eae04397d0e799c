import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { stringify } from "yaml";
import { HOUR_MS, MINUTE_MS } from "../time/duration.js";
import { rulesFor } from "./rules.js";

const file = rulesFor(
  [
    { name: "node", everyMs: MINUTE_MS },
    { name: "lag.eu-1", everyMs: 6 * HOUR_MS },
    { name: "lag.us-1", everyMs: 6 * HOUR_MS },
  ],
  { forMs: 10 * MINUTE_MS, coverage: 0.9 },
);

test("each interval has a group, and the tool one of its own", () => {
  expect(file.groups.map(({ name, rules }) => [name, rules.length])).toEqual([
    ["anomaly-every-1m", 5],
    ["anomaly-every-6h", 5],
    ["anomaly-tool", 4],
  ]);
});

test("jobs that run rarely are given the time that they need", () => {
  const exprs = file.groups[1].rules.map(({ expr }) => expr);
  expect(exprs).toContain(String.raw`last_over_time(anomaly_score{job=~"lag\\.eu-1|lag\\.us-1"}[18h]) > 1`);
  expect(exprs.join()).toMatch(/anomaly_last_success_timestamp_seconds\{[^}]*\} > 108000/);
});

const hasPromtool = spawnSync("promtool", ["--version"]).error === undefined;

describe.skipIf(!hasPromtool)("promtool (skipped without Debian's prometheus)", () => {
  let folder: string;
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), "anomaly-rules-"));
    writeFileSync(join(folder, "rules.yaml"), stringify(file));
  });
  afterAll(() => rmSync(folder, { recursive: true }));
  const promtool = (...args: string[]) => spawnSync("promtool", args, { cwd: folder, encoding: "utf8" });

  test("check rules accepts the file", () => {
    const { status, stdout, stderr } = promtool("check", "rules", "rules.yaml");
    expect(status, stderr).toBe(0);
    expect(stderr).toBe("");
    expect(stdout).toMatch(/14 rules found/);
  });

  test("test rules: each alert fires for what it is about, and not before", () => {
    const labels = 'job="node",for="load",machine="web1"';
    const alert = (alertname: string, eval_time: string, exp_alerts: readonly object[]) => ({
      alertname,
      eval_time,
      exp_alerts,
    });
    const fires = (extra: Record<string, string>, severity: string, summary: string, description: string) => ({
      exp_labels: { job: "node", every: "1m", severity, ...extra },
      exp_annotations: { summary, description },
    });
    const tests = {
      rule_files: ["rules.yaml"],
      evaluation_interval: "1m",
      tests: [
        {
          interval: "1m",
          input_series: [
            // Over the threshold from minute 5 to 29, with a scrape of old data in between.
            { series: `anomaly_score{${labels}}`, values: "0.2x4 1.5x9 _x5 1.5x9 0.2x60" },
            { series: 'anomaly_status{job="node",for="load",machine="web2",status="stale"}', values: "1x60" },
            { series: 'anomaly_series{job="node",status="ok"}', values: "8x60" },
            { series: 'anomaly_series{job="node",status="stale"}', values: "2x60" },
            { series: 'anomaly_last_success_timestamp_seconds{job="node"}', values: "0x90" },
            { series: 'anomaly_job_open_episodes{job="node",severity="critical"}', values: "0x30 2x60" },
            { series: 'anomaly_build_info{version="1"}', values: "1x90" },
          ],
          alert_rule_test: [
            alert("CriticalEpisodes", "30m", []),
            alert("CriticalEpisodes", "41m", [
              fires({}, "critical", "2 critical episodes in job node", "anomaly show lists them, worst first."),
            ]),
            alert("AnomalousSeries", "10m", []),
            alert("AnomalousSeries", "20m", [
              fires(
                { for: "load", machine: "web1" },
                "warning",
                "web1 load is anomalous",
                "Its score is 1.5; 1 is the alerting threshold. Job node.",
              ),
            ]),
            alert("AnomalousSeries", "45m", []),
            alert("SeriesNotSeen", "14m", []),
            alert("SeriesNotSeen", "16m", [
              fires(
                { for: "load", machine: "web2", status: "stale" },
                "warning",
                "web2 load is stale",
                "It is not scored, so nothing would be found. Check the exporter and the source of job node.",
              ),
            ]),
            alert("AnomalyCoverageLow", "20m", [
              fires(
                {},
                "warning",
                "only 80% of the series of job node are scored",
                "The statuses of the others say why: anomaly_series by status.",
              ),
            ]),
            alert("AnomalyNotRunning", "15m", []),
            alert("AnomalyNotRunning", "16m", [
              fires(
                {},
                "critical",
                "job node has not run for 16m 0s",
                "The log of anomaly serve and /api/v1/runs say why.",
              ),
            ]),
            alert("AnomalyDown", "20m", []),
          ],
        },
        {
          interval: "1m",
          input_series: [],
          alert_rule_test: [
            alert("AnomalyDown", "6m", [
              {
                exp_labels: { severity: "critical" },
                exp_annotations: {
                  summary: "anomaly serve is not scraped",
                  description: "Nothing is found while it is down.",
                },
              },
            ]),
          ],
        },
      ],
    };
    writeFileSync(join(folder, "tests.yaml"), stringify(tests));
    const { status, stdout, stderr } = promtool("test", "rules", "tests.yaml");
    expect(status, stdout + stderr).toBe(0);
  });
});

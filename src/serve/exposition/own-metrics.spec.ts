import { spawnSync } from "node:child_process";
import { expect, test } from "vitest";
import { Findings } from "../findings.js";
import { retrainMetrics } from "../retrain/retrain-metrics.js";
import { ownMetrics } from "./own-metrics.js";
import { writeMetrics } from "./write-metrics.js";

test("what the process says of itself passes promtool, with all of its rooms open", async ({ skip }) => {
  if (spawnSync("promtool", ["--version"]).error !== undefined) skip("promtool is not installed");
  const findings = new Findings();
  findings.setJobs(["a"]);
  const own = ownMetrics({ version: "1", findings, waiting: () => 0 });
  writeMetrics(own.registry, () => 0).onEvent("vm", { kind: "queue", requests: 1, samples: 2, bytes: 3 });
  const { onEnd } = retrainMetrics(own.registry, {
    isRunning: () => true,
    jobs: () => ["a"],
    challengerAges: () => [["a", 3600]],
  });
  onEnd("a", "failed");
  own.onRun("a", "ok", 1);
  own.onListenerFailure("annotations");
  const input = await own.text();
  own.close();
  expect(input).toMatch(/^anomaly_challenger_age_seconds\{job="a"\} 3600$/m);
  expect(input).toMatch(/^anomaly_retrain_runs_total\{job="a",outcome="failed"\} 1$/m);
  expect(input).toMatch(/^anomaly_retrain_runs_total\{job="a",outcome="ok"\} 0$/m);
  const { stderr, status } = spawnSync("promtool", ["check", "metrics"], { input, encoding: "utf8" });
  expect([stderr, status]).toEqual(["", 0]);
});

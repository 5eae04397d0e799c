import { describe, expect, test } from "vitest";
import type { ComparedAlert } from "../../evaluate/alert-diff.js";
import type { Comparison } from "../../evaluate/compare-detectors.js";
import { comparisonLines } from "./comparison-lines.js";

/** Two detectors without labels; only the alerts matter here. */
function linesOf(alerts: readonly ComparedAlert[]): string {
  const run = (detector: string) => ({ detector, cpuSeconds: 1, backtest: { results: [], total: null, fits: 1 } });
  const comparison: Comparison = {
    inputs: [],
    runs: [run("residual"), run("zscore")],
    alerts,
    withFirst: [{ both: alerts.length, onlyFirst: 0, onlySecond: 0 }],
  };
  return comparisonLines(comparison, "out/alerts.ndjson").join("\n");
}

const alert = (minute: number, scores: readonly (number | null)[]): ComparedAlert => {
  const at = `2025-07-01T00:${String(minute).padStart(2, "0")}:00Z`;
  return { series: "s", start: at, end: at, labelled: null, scores };
};

describe("alerts of several detectors in words", () => {
  test("no alert at all, and alerts that all of them gave, are said as such", () => {
    expect(linesOf([])).toMatch(/\n {2}none of them gave any$/);
    expect(linesOf([alert(0, [2, 3])])).toMatch(/\n {2}all 1 alert in all of them$/);
  });

  test("of many that differ the highest scores are listed, and the file with all is named", () => {
    const lines = linesOf(Array.from({ length: 25 }, (_, i) => alert(i, i % 2 === 0 ? [1 + i, null] : [null, 1 + i])));
    expect(lines).toContain("25 alerts that not all of them gave, by score (the first 20; all in out/alerts.ndjson)");
    const listed = lines.split("\n").filter((line) => line.startsWith("  2025-"));
    expect(listed).toHaveLength(20);
    expect(listed[0]).toMatch(/00:24Z +s +25\.00 +-$/);
    expect(listed[1]).toMatch(/00:23Z +s +- +24\.00$/);
  });
});

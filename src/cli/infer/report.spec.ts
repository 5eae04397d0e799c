import { expect, test } from "vitest";
import { testRecord } from "../../records/testing/record.js";
import { reportResult } from "./report.js";

const endMs = Date.parse("2025-07-02T00:00:00.789Z");
const status = {
  machine: "n1",
  aggregator: "a",
  series: "n1",
  state: "ok",
  score: 0,
  last_at: null,
  last_value: 1,
  reason: null,
};

/** The lines of a run that found these records. */
function linesOf(records: readonly ReturnType<typeof testRecord>[]): string[] {
  const lines: string[] = [];
  const say = (line: string) => lines.push(line);
  const paint = { bold: String, dim: String, red: String, yellow: String, green: String };
  const log = { debug: say, info: say, painted: say, warn: say, error: say, animated: false, paint };
  const found = {
    records,
    ended: [],
    statuses: [status],
    evidence: [],
    points: [],
    notes: [],
    fetchedSeries: 1,
    stepMs: undefined,
  };
  const result = {
    found,
    reported: records,
    existing: [],
    owners: [],
    memory: { schema: "anomaly-memory/1", episodes: [] },
    range: { startMs: endMs - 86_400_000, endMs },
    model: { name: "default", checksum: "" },
    threshold: "p99",
    source: "1 CSV file",
    seconds: 1,
  } as unknown as Parameters<typeof reportResult>[1];
  reportResult(log, result, { kind: "stdout" }, undefined);
  return lines;
}

test("the time up to which was looked is reported in whole seconds", () => {
  expect(linesOf([testRecord()])[1]).toBe("1 episode in 24h up to 2025-07-02T00:00:00Z, 1 still open");
});

test("states are those of now: a series that is ok may have had an episode", () => {
  expect(linesOf([testRecord({ status: "closed" })])).toEqual([
    "1 series now: 1 ok",
    "1 episode in 24h up to 2025-07-02T00:00:00Z, none open now",
  ]);
});

test("silences that begin together on one machine are one line", () => {
  const silences = Array.from({ length: 15 }, (_, i) =>
    testRecord({
      id: `${i}`,
      machine: "web1",
      kind: "silence",
      direction: "none",
      severity: "critical",
      labels: { machine: "web1", aggregator: `a${i}` },
    }),
  );
  expect(linesOf(silences)[2]).toBe("critical: web1: 15 series silent");
  expect(linesOf(silences.map((one) => ({ ...one, status: "closed" as const })))).toHaveLength(2);
});

test("what began on a fifth of the fleet is one line, and names no machine of its own", () => {
  const silences = Array.from({ length: 30 }, (_, i) =>
    testRecord({
      id: `${i}`,
      machine: `web${i % 5}`,
      kind: "silence",
      direction: "none",
      severity: "critical",
      labels: { machine: `web${i % 5}`, aggregator: `a${i}` },
    }),
  );
  expect(linesOf(silences).slice(2)).toEqual([
    "critical: 5 of 5 machines (100 %) at once; 30 of 30 episodes are a silence",
  ]);
});

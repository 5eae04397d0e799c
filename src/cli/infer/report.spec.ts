import { expect, test } from "vitest";
import { testRecord } from "../../records/testing/record.js";
import { reportResult } from "./report.js";

test("the time up to which was looked is told in whole seconds", () => {
  const lines: string[] = [];
  const say = (line: string) => lines.push(line);
  const paint = { bold: String, dim: String, red: String, yellow: String, green: String };
  const log = { debug: say, info: say, painted: say, warn: say, error: say, animated: false, paint };
  const endMs = Date.parse("2025-07-02T00:00:00.789Z");
  const found = {
    records: [],
    ended: [],
    statuses: [],
    evidence: [],
    notes: [],
    fetchedSeries: 0,
    stepMs: undefined,
    divisor: undefined,
  };
  const result = {
    found,
    reported: [testRecord()],
    existing: [],
    owners: [],
    memory: { schema: "anomaly-memory/1", episodes: [] },
    range: { startMs: endMs - 86_400_000, endMs },
    model: { name: "default", checksum: "" },
    threshold: "p99",
    source: "1 CSV file",
    seconds: 1,
    commit: () => {},
  } as const;
  reportResult(log, result, { kind: "stdout" }, undefined);
  expect(lines[1]).toBe("1 episode in 24h up to 2025-07-02T00:00:00Z, 1 still open");
});

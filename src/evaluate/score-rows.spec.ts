import { expect, test } from "vitest";
import { emptyTrace } from "../anomalies/trace.js";
import { HOUR_MS } from "../time/duration.js";
import { scoreCsv } from "./score-rows.js";

const text = (pieces: Iterable<Uint8Array>) => Buffer.concat([...pieces]).toString("utf8");
const START_MS = Date.UTC(2025, 0, 6);

test("every slot has a row, so that a label in a gap is not lost; a slot without a value has neither value nor score", () => {
  const trace = emptyTrace({
    name: "m",
    labels: { machine: "m", aggregator: "a" },
    startMs: START_MS,
    stepMs: HOUR_MS,
    values: Float64Array.of(1, Number.NaN, 0.1 + 0.2),
  });
  trace.score.set([0.5, 2, 1.25]);
  trace.expected.set([1, 1, 1]);
  const start = START_MS / 1000;
  expect(text(scoreCsv(trace, Uint8Array.of(0, 1, 1))).split("\n")).toEqual([
    "timestamp,value,expected,lower,upper,score,label",
    `${start},1,1,,,0.5,0`,
    `${start + 3600},,1,,,,1`,
    `${start + 7200},0.30000000000000004,1,,,1.25,1`,
    "",
  ]);
});

test("a long series comes in pieces that join without a seam", () => {
  const values = Float64Array.from({ length: 10_000 }, (_, i) => i / 7);
  const trace = emptyTrace({ name: "m", labels: {}, startMs: START_MS, stepMs: HOUR_MS, values });
  const pieces = [...scoreCsv(trace, null)];
  expect(pieces.length).toBeGreaterThan(2);
  expect(Math.max(...pieces.map(({ length }) => length))).toBeLessThan(500_000);
  const rows = text(pieces).trimEnd().split("\n");
  expect(rows).toHaveLength(10_001);
  expect(rows.slice(1).map((row) => Number(row.split(",")[1]))).toEqual([...values]);
});

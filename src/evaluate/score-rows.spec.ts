import { expect, test } from "vitest";
import { emptyTrace } from "../anomalies/trace.js";
import { HOUR_MS } from "../time/duration.js";
import { scoreCsv } from "./score-rows.js";

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
  expect(scoreCsv(trace, Uint8Array.of(0, 1, 1)).split("\n")).toEqual([
    "timestamp,value,expected,lower,upper,score,label",
    `${start},1,1,,,0.5,0`,
    `${start + 3600},,1,,,,1`,
    `${start + 7200},0.30000000000000004,1,,,1.25,1`,
    "",
  ]);
});

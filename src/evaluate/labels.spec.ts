import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { InputError } from "../errors/errors.js";
import type { Series } from "../series/series.js";
import { MINUTE_MS } from "../time/duration.js";
import { readBacktestInputs } from "./backtest-input.js";
import { labelsOnGrid, readLabelColumn } from "./label-column.js";
import { intervalsOnGrid, parseLabelIntervals } from "./label-intervals.js";

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "labels-"));
});
afterAll(() => rmSync(folder, { recursive: true }));
const write = (name: string, text: string) => {
  const path = join(folder, name);
  writeFileSync(path, text);
  return path;
};

const START = Date.parse("2025-07-01T00:00:00Z");
const series = (labels: Record<string, string>, slots = 10): Series => ({
  name: "requests",
  labels,
  startMs: START,
  stepMs: MINUTE_MS,
  values: new Float64Array(slots),
});

describe("a label column", () => {
  test("is found by its name and put on the series' slots, whatever words are in it", async () => {
    const rows = ["00:00,1,0", "00:01,2,1", "00:02,3,true", "00:03,4,no", "00:04,5,", "00:05,6,outage", "00:09,7,1"];
    const path = write("marks.csv", `time,value,Label\n${rows.map((row) => `2025-07-01 ${row}`).join("\n")}\n`);
    const column = await readLabelColumn(path, "label", "UTC");
    expect(column).toBeDefined();
    expect([...labelsOnGrid(column!, series({}))]).toEqual([0, 1, 1, 0, 0, 1, 0, 0, 0, 1]);
    expect(await readLabelColumn(path, "incident", "UTC")).toBeUndefined();
  });

  test("makes its file a data set of its own, named as the file is, with its own step", async () => {
    const rows = (stepS: number) =>
      Array.from({ length: 50 }, (_, i) => `${1_751_328_000 + i * stepS},${i},${i === 7 ? 1 : 0}`).join("\n");
    write("minute.csv", `timestamp,value,label\n${rows(60)}\n`);
    write("five.csv", `timestamp,value,label\n${rows(300)}\n`);
    const paths = ["minute.csv", "five.csv"].map((name) => join(folder, name));
    const { inputs } = await readBacktestInputs(paths, { csv: {}, labelColumn: "label" });
    expect(inputs.map(({ name, series: { stepMs }, label }) => [name, stepMs, label?.indexOf(1)])).toEqual([
      ["minute", 60_000, 7],
      ["five", 300_000, 7],
    ]);
  });
});

describe("files without labels", () => {
  test("of one series are merged, and those of another step are not left out", async () => {
    const rows = (from: number, stepS: number) =>
      Array.from({ length: 30 }, (_, i) => `${1_751_328_000 + from + i * stepS},${i}`).join("\n");
    write("cpu-2025-07.csv", `timestamp,value\n${rows(0, 60)}\n`);
    write("cpu-2025-08.csv", `timestamp,value\n${rows(1800, 60)}\n`);
    write("disk.csv", `timestamp,value\n${rows(0, 300)}\n`);
    const paths = ["cpu-2025-07.csv", "cpu-2025-08.csv", "disk.csv"].map((name) => join(folder, name));
    const { inputs } = await readBacktestInputs(paths, { csv: {}, labelColumn: "label" });
    expect(
      inputs.map(({ series: one, label }) => [one.labels["machine"], one.stepMs, one.values.length, label]),
    ).toEqual([
      ["cpu", 60_000, 60, null],
      ["disk", 300_000, 30, null],
    ]);
  });
});

describe("labelled intervals", () => {
  const one = { startMs: START + MINUTE_MS, endMs: START + 3 * MINUTE_MS };

  test.each([
    ["JSON with ISO times", '[{"start":"2025-07-01T00:01:00Z","end":"2025-07-01T00:03Z"}]', null],
    ["JSON with epoch seconds", `[{"start":${one.startMs / 1000},"end":${one.endMs / 1000},"series":"n1"}]`, "n1"],
    [
      "a truth.json",
      `[{"machine":"n1","aggregator":"a","kind":"spike","startMs":${one.startMs},"endMs":${one.endMs}}]`,
      { machine: "n1", aggregator: "a" },
    ],
    ["an object of pairs", '{"n1":[["2025-07-01 00:01:00","2025-07-01 00:03:00.000000"]]}', "n1"],
    ["CSV", "start,end,series\n2025-07-01 00:01,2025-07-01 00:03,n1\n", "n1"],
    ["CSV without series", "Start;End\n2025-07-01T00:01Z;2025-07-01T00:03Z\n", null],
  ])("are read from %s", (_, text, of) => {
    expect(parseLabelIntervals(text, "labels", "UTC")).toEqual([{ ...one, series: of }]);
  });

  test.each([
    ["neither JSON nor CSV", "[{", "labels is neither JSON nor CSV"],
    ["no interval", '[{"start":"2025-07-01"}]', "interval 1 has no start or no end"],
    ["another document", '{"a":1}', "holds no labelled intervals"],
    ["other columns", "from,to\n1,2\n", "has no columns start and end"],
    ["a moment that is none", "start,end\nsoon,later\n", 'interval 1: "soon" is not a moment'],
    ["an end before its start", "start,end\n2025-07-02,2025-07-01\n", "is not before its end"],
    ["nothing", "", "has no columns start and end"],
  ])("%s is refused with the place and the reason", (_, text, message) => {
    expect(() => parseLabelIntervals(text, "labels", "UTC")).toThrow(InputError);
    expect(() => parseLabelIntervals(text, "labels", "UTC")).toThrow(message);
  });

  test("mark the slots they share a moment with, of the series they are about, cut at its ends", () => {
    const marked = (
      of: string | Record<string, string> | null,
      from: number,
      to: number,
      labels = { machine: "n1" },
    ) => [...intervalsOnGrid([{ startMs: START + from, endMs: START + to, series: of }], series(labels, 4))];
    expect(marked(null, MINUTE_MS, 3 * MINUTE_MS)).toEqual([0, 1, 1, 0]);
    expect(marked("n1", MINUTE_MS + 1, 2 * MINUTE_MS + 1)).toEqual([0, 1, 1, 0]);
    expect(marked("requests", -1, 1)).toEqual([1, 0, 0, 0]);
    expect(marked("n2", 0, 9e9)).toEqual([0, 0, 0, 0]);
    expect(marked({ machine: "n1", aggregator: "b" }, 0, 9e9)).toEqual([0, 0, 0, 0]);
    expect(marked(null, 3 * MINUTE_MS, 9e9)).toEqual([0, 0, 0, 1]);
    expect(marked(null, -9, -1)).toEqual([0, 0, 0, 0]);
  });
});

import { describe, expect, test } from "vitest";
import { formatValue, valueTicks } from "./format-value.js";

describe("formatValue", () => {
  test.each([
    [0.101341, "ratio", "0.101"],
    [0.02, "ratio", "0.0200"],
    [0, null, "0"],
    [5, null, "5"],
    [-1.634, null, "−1.63"],
    [9999, null, "9999"],
    [12_345, null, "12.3 k"],
    [1_234_567, null, "1.23 M"],
    [2.15e-8, null, "2.15e-8"],
    [12.34, "percent", "12.3 %"],
    [0, "percent", "0 %"],
    [645e9, "bytes", "645 GB"],
    [512, "bytes", "512 B"],
    [95_000, "seconds", "26.4 h"],
    [864_000, "seconds", "10 d"],
    [90, "seconds", "90 s"],
    [0.25, "seconds", "250 ms"],
    [0, "seconds", "0 s"],
    [null, "ratio", "–"],
    [Number.NaN, "ratio", "–"],
  ])("%d %s is %s", (value, unit, text) => {
    expect(formatValue(value, unit)).toBe(text);
  });

  test("a finer resolution gives the digits to see it", () => {
    expect(formatValue(1002.1534, null, 0.02)).toBe("1002.15");
    expect(formatValue(0.101341, null, 0.001)).toBe("0.101");
    expect(formatValue(5, null, 0.001)).toBe("5");
  });
});

describe("valueTicks", () => {
  test.each([
    [0, 0.11, "ratio", ["0", "0.02", "0.04", "0.06", "0.08", "0.10"]],
    [1000, 1002.3, null, ["1000.0", "1000.5", "1001.0", "1001.5", "1002.0"]],
    [-8, 19, null, ["−5", "0", "5", "10", "15"]],
    [0, 720e9, "bytes", ["0 GB", "200 GB", "400 GB", "600 GB"]],
    [0, 5e-9, null, ["0", "1.0e-9", "2.0e-9", "3.0e-9", "4.0e-9", "5.0e-9"]],
    [0, 100, "percent", ["0 %", "20 %", "40 %", "60 %", "80 %", "100 %"]],
  ])("from %d to %d %s", (low, high, unit, labels) => {
    const ticks = valueTicks(low, high, 6, unit);
    expect(ticks.labels).toEqual(labels);
    expect(ticks.values[0]).toBeGreaterThanOrEqual(low);
    expect(ticks.values.at(-1)).toBeLessThanOrEqual(high);
  });

  test("a tick's place is the number that its label says", () => {
    expect(valueTicks(0, 0.11, 6, "ratio").values).toEqual([0, 0.02, 0.04, 0.06, 0.08, 0.1]);
    expect(valueTicks(0, 180_000, 6, "seconds").values.map((value) => value / 86_400)).toEqual([0, 0.5, 1, 1.5, 2]);
  });
});

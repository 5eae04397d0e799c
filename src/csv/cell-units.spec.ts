import fc from "fast-check";
import { afterAll, expect, test } from "vitest";
import { openCsvFolder } from "../sources/testing/csv-files.js";
import { cellUnit, inBaseUnit } from "./cell-units.js";
import { describeFile } from "./file-report.js";

const files = openCsvFolder();
afterAll(files.remove);
const column = (...cells: readonly string[]) =>
  `time,n1\n${cells.map((cell, i) => `${1_751_328_000 + i * 60},${cell}\n`).join("")}`;

test.each([
  [["950 ms", "1.2 s", "2 mins"], [0.95, 1.2, 120], "seconds"],
  [["512 B", "1.5 GiB", "2 kB"], [512, 1_610_612_736, 2000], "bytes"],
  [["1.5 MiB/s", "0 B/s"], [1_572_864, 0], "bytes/s"],
  [["3.4%", "5 %"], [3.4, 5], "percent"],
  [["950", "1.2 K", "3.1 Mil"], [950, 1200, 3_100_000], undefined],
])("%j are one series in one unit, and the report says that they were rounded", async (cells, values, unit) => {
  const { series, files: reports } = await files.read({ "a.csv": column(...cells) });
  expect([...series[0].values]).toEqual(values);
  expect(series[0].unit).toBe(unit);
  expect(reports[0].refused).toBe(0);
  if (unit !== "percent") expect(describeFile(reports[0])).toMatch(/formatted cells? converted/);
});

test.each([
  ["5 ms", "3 GiB"],
  ["5 ms", "7"],
])("%s and %s in one column are no series", async (...cells) => {
  const { leftOut } = await files.read({ "a.csv": column(...cells) });
  expect(leftOut[0].reason).toMatch(/mixed in it; export it in one unit/);
});

test.each(["5 m", "5 KB", "5 °C", "5 req/s"])("%s is refused with its line and column", async (cell) => {
  const { files: reports } = await files.read({ "a.csv": column("1", cell) });
  expect(reports[0].refusedCells[0]).toMatchObject({ line: 3, column: "n1", text: cell });
});

test("a conversion is the decimal number with its point moved", () => {
  fc.assert(
    fc.property(fc.integer({ min: -1e9, max: 1e9 }), (thousandths) => {
      expect(inBaseUnit(String(thousandths), cellUnit("ms") ?? { exponent: 0, times: 1 })).toBe(thousandths / 1000);
    }),
  );
});

import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { afterAll, describe, expect, test } from "vitest";
import { InputError } from "../errors/errors.js";
import { brief, openCsvFolder } from "../sources/testing/csv-files.js";
import { describeFile } from "./file-report.js";
import { readCsv } from "./history.js";

const files = openCsvFolder();
afterAll(files.remove);
const { put, read } = files;

const START = "2025-07-01T00:00";

describe("odd but usable input", () => {
  test.each<[string, string, readonly (number | string)[], number]>([
    [
      "all values missing",
      "Time,n1\n1751328000,\n1751328060,\n1751328120,null\n",
      [START, 60, Number.NaN, Number.NaN, Number.NaN],
      0,
    ],
    ["a constant", "Time,n1\n1751328000,3\n1751328060,3\n", [START, 60, 3, 3], 0],
    ["one point", "Time,n1\n1751328000,3\n", [START, 60, 3], 0],
    [
      "text between the numbers",
      "Time,n1\n1751328000,3\n1751328060,abc\n1751328120,4\n",
      [START, 60, 3, Number.NaN, 4],
      1,
    ],
    [
      "numbers with units that mean several things",
      "Time,n1\n1751328000,3\n1751328060,1.2 KB\n1751328120,4\n",
      [START, 60, 3, Number.NaN, 4],
      1,
    ],
    [
      "numbers with thousands marks",
      'Time,n1\n1751328000,3\n1751328060,"1,234"\n1751328120,4\n',
      [START, 60, 3, Number.NaN, 4],
      1,
    ],
    [
      "infinity",
      "Time,n1\n1751328000,3\n1751328060,1e9999\n1751328120,Infinity\n",
      [START, 60, 3, Number.NaN, Number.NaN],
      2,
    ],
    ["a row of 1970", "Time,n1\n1751328000,3\n0,7\n1751328060,4\n", [START, 60, 3, 4], 1],
    ["a row that the copy cut off", "Time,n1,n2\n1751328000,3,1\n1751328060,4,1\n1751328120,55", [START, 60, 3, 4], 1],
  ])("%s", async (_, content, expected, refused) => {
    const { series, files } = await read({ "a.csv": content });
    expect(brief(series)["n1/a"]).toEqual(expected);
    expect(files[0].refused).toBe(refused);
  });

  test("refused cells are reported with line and column", async () => {
    const { files } = await read({ "a.csv": "Time,n1,n2\n1751328000,3,1\n1751328060,1.2 KB,2\n1751328120,abc,3\n" });
    expect(files[0].refusedCells).toEqual([
      { line: 3, column: "n1", text: "1.2 KB", reason: "a formatted number with a unit; export without formatting" },
      { line: 4, column: "n1", text: "abc", reason: "text where a number should be" },
    ]);
    expect(describeFile(files[0])).toContain('2 cells refused (line 3, column n1: "1.2 KB" is a formatted number');
  });

  test.each([
    ["plain", ""],
    ["quoted", '"'],
  ])("a row with too few or too many cells is reported with its line, %s", async (_, quote) => {
    const rows = ["Time,n1,n2", "1751328000,1,1", "1751328060,2", "1751328120,3,3,4,5", "1751328180,4,4", ""];
    const text = rows.map((row) => row.replaceAll(/[^,]+/g, `${quote}$&${quote}`)).join("\n");
    const { series, files } = await read({ "a.csv": text });
    expect(brief(series)).toEqual({ "n1/a": [START, 60, 1, 2, 3, 4], "n2/a": [START, 60, 1, Number.NaN, 3, 4] });
    expect(files[0].refusedCells).toEqual([
      { line: 3, reason: "the row has 2 cells and the file 3 columns" },
      { line: 4, reason: "the row has 5 cells and the file 3 columns" },
    ]);
  });

  test.each([
    ["plain", ""],
    ["quoted", '"'],
  ])("a row before its time column ends is reported with its line, %s", async (_, quote) => {
    const text = `n1,n2,Time\n1,1,${quote}1751328000${quote}\n2\n3,3,1751328060\n`;
    const { series, files } = await read({ "a.csv": text });
    expect(brief(series)["n1/a"]).toEqual([START, 60, 1, 3]);
    expect(files[0].refusedCells).toEqual([{ line: 3, reason: "the row has 1 cell and the file 3 columns" }]);
  });

  test("a row of a long file that lacks cells or a name is reported, and changes no column's role", async () => {
    const { series, files } = await read({
      "a.csv": "time,value,host\n1751328000,1,n1\n1751328000,2,n2\n1751328060,3\n1751328060,4,\n1751328060,5,n1\n",
    });
    expect(brief(series)).toEqual({ "n1/a": [START, 60, 1, 5], "n2/a": [START, 60, 2] });
    expect(files[0].refused).toBe(2);
    expect(files[0].refusedCells).toEqual([
      { line: 4, reason: "the row has 2 cells and the file 3 columns" },
      { line: 5, reason: "the row names no series" },
    ]);
    expect(describeFile(files[0])).toContain("2 cells refused (line 4: the row has 2 cells and the file 3 columns)");
  });

  test("a few words in an otherwise empty column do not make a file long", async () => {
    const { series } = await read({
      "a.csv": "time,n1,hint\n1751328000,1,\n1751328060,2,deploy\n1751328120,3,\n1751328180,4,\n",
    });
    expect(brief(series)["n1/a"]).toEqual([START, 60, 1, 2, 3, 4]);
  });

  test("columns of one name are two series, and the report says so", async () => {
    const { files, series } = await read({
      "a.csv": "Time,n1,n1,n2,n2 (new)\n1751328000,1,2,3,4\n1751328060,1,2,3,4\n",
    });
    expect(series.map(({ name }) => name)).toEqual(["n1", "n1 (2)", "n2", "n2 (new)"]);
    expect(files[0].renamed).toEqual(["n1 (2)"]);
    expect(describeFile(files[0])).toContain("0 gaps, columns of one name (n1 (2))");
  });

  test("one of a thing is reported as one", async () => {
    const { files } = await read({ "a.csv": "Time,n1\n1751328000,1\n1751328000,1\n" });
    expect(describeFile(files[0])).toContain("1 series, 2 rows");
    expect(describeFile(files[0])).toContain("1 duplicate row (0 values differ)");
    const lone = await read({ "a.csv": "Time,n1,n2\n1751328000,1,1.2 KB\n" });
    expect(describeFile(lone.files[0])).toMatch(/2 series, 1 row, .* 1 gap, 1 cell refused/);
  });

  test("the line is right after a quote has changed the reader", async () => {
    const { files } = await read({ "a.csv": 'Time,n1\n1751328000,3\n1751328060,"4"\n1751328120,"abc"\n' });
    expect(files[0].refusedCells[0].line).toBe(4);
  });

  test("a file of several megabytes is read over all of its blocks", async () => {
    const rows = Array.from(
      { length: 60_000 },
      (_, i) => `${1751328000 + i * 60},${i},${i / 4},${-i}.5,0.12345678901234568\n`,
    );
    const { series } = await read({ "a.csv": `Time,n1,n2,n3,n4\n${rows.join("")}` });
    expect(series.map((s) => s.values.length)).toEqual([60_000, 60_000, 60_000, 60_000]);
    expect([series[0].values[59_999], series[1].values[59_998], series[2].values[3], series[3].values[7]]).toEqual([
      59_999, 14_999.5, -3.5, 0.12345678901234568,
    ]);
  });
});

describe("unusable input is one sentence that names the file", () => {
  test.each<[string, string | Uint8Array, RegExp]>([
    ["empty", "", /a\.csv(:)? .*is empty/],
    ["header only", "Time,n1\n", /a\.csv line 1: .*no rows/],
    ["binary", Buffer.from([1, 2, 0, 4, 10]), /a\.csv is not text/],
    ["a workbook", Buffer.from("PK\u0003\u0004rest"), /Excel workbook/],
    [
      "cut-off gzip",
      gzipSync("Time,n1\n1751328000,3\n".repeat(2000)).subarray(0, 60),
      /a\.csv: its gzip data is cut off/,
    ],
    ["wrong delimiter", "Time|n1\n1751328000|3\n", /a\.csv line 1: .*no comma, semicolon or tab/],
    ["1970", "time,value\n86400000,5\n86460000,6\n", /a\.csv line 2: .*times before 2000-01-01/],
    ["small integers as time", "time,value\n1,5\n2,6\n", /times before 2000-01-01/],
    ["text as values", "time,value\n1751328000,abc\n1751328060,def\n", /no column holds numbers/],
    ["open quotes", 'time,value\n1751328000,1\n1751328060,"2\n', /a\.csv cannot be read as CSV/],
  ])("%s", async (_, content, message) => {
    const error = await read({ "a.csv": content }).catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(InputError);
    expect((error as Error).message).toMatch(message);
    expect((error as Error).message).not.toMatch(/\n/);
  });

  test("a missing file, an empty folder and a glob without matches", async () => {
    await expect(readCsv([join(files.path, "nowhere.csv")])).rejects.toThrow(/there is no file .*nowhere\.csv/);
    await expect(readCsv([put({ "x.txt": "no" })])).rejects.toThrow(/holds no \.csv/);
    await expect(readCsv([join(files.path, "*.nothing")])).rejects.toThrow(/no file matches/);
  });
});

describe("paths", () => {
  test("folders, globs and files are read in a fixed order, each file once", async () => {
    const csv = "Time,n1\n1751328000,1\n1751328060,2\n";
    const home = put({ "b.csv": csv, "a.csv": csv, "sub/c.csv.gz": gzipSync(csv), "notes.txt": "x" });
    const names = async (...paths: string[]) =>
      (await readCsv(paths)).files.map((file) => file.path.slice(home.length + 1));
    expect(await names(home)).toEqual(["a.csv", "b.csv", "sub/c.csv.gz"]);
    expect(await names(`${home}/*.csv`)).toEqual(["a.csv", "b.csv"]);
    expect(await names(`${home}/**/*.gz`, `${home}/b.csv`, home)).toEqual(["sub/c.csv.gz", "b.csv", "a.csv"]);
  });
});

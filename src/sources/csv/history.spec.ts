import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import fc from "fast-check";
import { afterAll, describe, expect, test } from "vitest";
import { InputError } from "../../errors/errors.js";
import type { Series } from "../../series/series.js";
import { describeFile } from "./file-report.js";
import { type CsvOptions, readCsv } from "./history.js";
import { describeMerge } from "./merge-history.js";

const folder = mkdtempSync(join(tmpdir(), "anomaly-csv-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

let serial = 0;
/** Writes files into a new folder and reads that folder. */
function put(files: Record<string, string | Uint8Array>): string {
  const home = join(folder, String(serial++));
  for (const [name, content] of Object.entries(files)) {
    mkdirSync(join(home, name, ".."), { recursive: true });
    writeFileSync(join(home, name), content);
  }
  return home;
}
const read = (files: Record<string, string | Uint8Array>, options?: CsvOptions) => readCsv([put(files)], options);
const brief = (series: readonly Series[]) =>
  Object.fromEntries(
    series.map((s) => [
      `${s.labels["machine"]}/${s.labels["aggregator"]}`,
      [new Date(s.startMs).toISOString().slice(0, 16), s.stepMs / 1000, ...s.values],
    ]),
  );

const START = "2025-07-01T00:00";
/** What every file of the table below holds, each in its own way. */
const EXPECTED = { "n1/agg": [START, 60, 0.5, Number.NaN, 2.5], "n2/agg": [START, 60, 10, 20, 30] };

const utf16 = (text: string) => Buffer.concat([Buffer.of(0xff, 0xfe), Buffer.from(text, "utf16le")]);

describe("readCsv reads the same series from", () => {
  test.each<[string, string | Uint8Array]>([
    [
      "ISO 8601 in UTC",
      "Time,n1,n2\n2025-07-01T00:00:00Z,0.5,10\n2025-07-01T00:01:00Z,,20\n2025-07-01T00:02:00Z,2.5,30\n",
    ],
    [
      "CRLF and no last line feed",
      "Time,n1,n2\r\n2025-07-01T00:00:00Z,0.5,10\r\n2025-07-01T00:01:00Z,,20\r\n2025-07-01T00:02:00Z,2.5,30",
    ],
    [
      "another zone",
      "Time,n1,n2\n2025-07-01T02:00:00+02:00,0.5,10\n2025-07-01T02:01:00+02:00,null,20\n2025-07-01T02:02:00+02:00,2.5,30\n",
    ],
    [
      "times without zone",
      "time,n1,n2\n2025-07-01 00:00:00,0.5,10\n2025-07-01 00:01:00,NaN,20\n2025-07-01 00:02:00,2.5,30\n",
    ],
    ["epoch seconds", "timestamp,n1,n2\n1751328000,0.5,10\n1751328060,,20\n1751328120,2.5,30\n"],
    ["epoch milliseconds", '"Time","n1","n2"\r\n1751328000000,0.5,10\r\n1751328060000,,20\r\n1751328120000,2.5,30\r\n'],
    [
      "epoch nanoseconds",
      "ts,n1,n2\n1751328000000000000,0.5,10\n1751328060000000000,,20\n1751328120000000000,2.5,30\n",
    ],
    ["floats of epoch seconds", "ts,n1,n2\n1751328000.0,0.5,10\n1751328060.0,,20\n1751328120.0,2.5,30\n"],
    [
      "all cells quoted",
      '"Time","n1","n2"\n"2025-07-01T00:00:00Z","0.5","10"\n"2025-07-01T00:01:00Z","","20"\n"2025-07-01T00:02:00Z","2.5","30"\n',
    ],
    [
      "semicolons and decimal commas",
      "Time;n1;n2\n2025-07-01T00:00:00Z;0,5;10\n2025-07-01T00:01:00Z;;20\n2025-07-01T00:02:00Z;2,5;30\n",
    ],
    [
      "a sep= line",
      'sep=,\n"Time","n1","n2"\n2025-07-01T00:00:00Z,0.5,10\n2025-07-01T00:01:00Z,,20\n2025-07-01T00:02:00Z,2.5,30\n',
    ],
    [
      "UTF-16 with mark and tabs",
      utf16(
        "Time\tn1\tn2\r\n2025-07-01 00:00:00\t0.5\t10\r\n2025-07-01 00:01:00\t\t20\r\n2025-07-01 00:02:00\t2.5\t30\r\n",
      ),
    ],
    [
      "UTF-8 with mark",
      "\ufeffTime,n1,n2\n2025-07-01T00:00:00Z,0.5,10\n2025-07-01T00:01:00Z,,20\n2025-07-01T00:02:00Z,2.5,30\n",
    ],
    [
      "gzip under another name",
      gzipSync("Time,n1,n2\n2025-07-01T00:00:00Z,0.5,10\n2025-07-01T00:01:00Z,,20\n2025-07-01T00:02:00Z,2.5,30\n"),
    ],
    [
      "long rows, series after series",
      "Series,Time,Value\nn1,1751328000,0.5\nn1,1751328060,\nn1,1751328120,2.5\nn2,1751328000,10\nn2,1751328060,20\nn2,1751328120,30\n",
    ],
    [
      "long rows, time after time",
      "Time,Metric,Value\n1751328000,n1,0.5\n1751328000,n2,10\n1751328060,n1,\n1751328060,n2,20\n1751328120,n1,2.5\n1751328120,n2,30\n",
    ],
    [
      "no header, as Graphite writes",
      "n1,2025-07-01 00:00:00,0.5\r\nn1,2025-07-01 00:01:00,\r\nn1,2025-07-01 00:02:00,2.5\r\nn2,2025-07-01 00:00:00,10\r\nn2,2025-07-01 00:01:00,20\r\nn2,2025-07-01 00:02:00,30\r\n",
    ],
    [
      "a block a series",
      '"Time","n1"\n1751328000000,0.5\n1751328060000,\n1751328120000,2.5\n\n"Time","n2"\n1751328000000,10\n1751328060000,20\n1751328120000,30\n',
    ],
    [
      "quoted blocks",
      '"Time","n1"\n"2025-07-01 00:00:00",0.5\n"2025-07-01 00:01:00",\n"2025-07-01 00:02:00",2.5\n\n"Time","n2"\n"2025-07-01 00:00:00",10\n"2025-07-01 00:01:00",20\n"2025-07-01 00:02:00",30\n',
    ],
    [
      "rows out of order, some twice",
      "Time,n1,n2\n1751328120,2.5,30\n1751328000,0.5,10\n1751328060,,20\n1751328000,0.5,10\n1751328120,,30\n",
    ],
    [
      "spaces around the cells",
      "Time, n1, n2\n2025-07-01T00:00:00Z, 0.5, 10\n2025-07-01T00:01:00Z, , 20\n2025-07-01T00:02:00Z, 2.5, 30 \n",
    ],
    ["the time column last", "n1,n2,Time\n0.5,10,1751328000\n,20,1751328060\n2.5,30,1751328120\n"],
    [
      "two exports appended, header and all",
      "Time,n1,n2\n1751328000,0.5,10\n1751328060,,20\nTime,n1,n2\n1751328120,2.5,30\n",
    ],
  ])("%s", async (_, content) => {
    const history = await read({ "agg.csv": content });
    expect(brief(history.series)).toEqual(EXPECTED);
    expect(history.files[0].refused).toBe(0);
    expect(history.leftOut).toEqual([]);
  });

  test("times without zone follow the time zone given, and a note says what was taken without one", async () => {
    const file = put({ "agg.csv": "time,n1\n2025-07-01 00:00:00,1\n2025-07-01 00:01:00,2\n" });
    const berlin = await readCsv([file], { timezone: "Europe/Berlin" });
    expect(brief(berlin.series)["n1/agg"][0]).toBe("2025-06-30T22:00");
    expect(berlin.notes.join()).not.toContain("zone");
    expect((await readCsv([file])).notes[0]).toMatch(/agg\.csv carry no zone and are read as UTC; --timezone/);
  });

  test("percentages, kept with their unit or made ratios", async () => {
    const files = { "agg.csv": "Time,n1\n1751328000,12.5%\n1751328060,50 %\n" };
    const kept = await read(files);
    expect([...kept.series[0].values, kept.series[0].unit]).toEqual([12.5, 50, "percent"]);
    const ratio = await read(files, { percent: "ratio" });
    expect([...ratio.series[0].values, ratio.series[0].unit]).toEqual([0.125, 0.5, "ratio"]);
  });

  test("a series that mixes percentages and plain numbers is left out, its neighbours are not", async () => {
    const { series, leftOut } = await read({ "agg.csv": "Time,n1,n2\n1751328000,12.5%,1\n1751328060,0.5,2\n" });
    expect(series.map((s) => s.name)).toEqual(["n2"]);
    expect(leftOut[0].reason).toContain("percentages");
  });
});

describe("labels", () => {
  const wide = "Time,n1,n2\n1751328000,1,2\n1751328060,1,2\n";
  const keys = async (files: Record<string, string>, options?: CsvOptions) =>
    Object.keys(brief((await read(files, options)).series)).sort();

  test("a file an aggregator and a column a machine, without a template", async () => {
    expect(await keys({ "visits.csv": wide, "probes.csv": wide })).toEqual([
      "n1/probes",
      "n1/visits",
      "n2/probes",
      "n2/visits",
    ]);
  });

  test("a file a month is one history", async () => {
    const later = wide.replaceAll("17513", "17540");
    const { series } = await read({ "visits-2025-07.csv": wide, "visits-2025-08.csv": later });
    expect(series.map((s) => [s.labels["machine"], s.labels["aggregator"]])).toEqual([
      ["n1", "visits"],
      ["n2", "visits"],
    ]);
    // 1754028000 is 45,000 minutes after 1751328000.
    expect(series.map((s) => s.values.length)).toEqual([45_002, 45_002]);
    expect(new Date(series[0].startMs).toISOString()).toBe("2025-07-01T00:00:00.000Z");
  });

  test("a lone value column takes the file's name", async () => {
    expect(await keys({ "n7_20250701.csv": "timestamp,value\n1751328000,1\n1751328060,1\n" })).toEqual(["n7/value"]);
  });

  test("a column of marks beside the value is not a series", async () => {
    const { series, files } = await read({ "n7.csv": "timestamp,value,label\n1751328000,5,0\n1751328060,6,1\n" });
    expect(brief(series)).toEqual({ "n7/value": [START, 60, 5, 6] });
    expect(files[0].dialect).toBe("wide, comma, header, without the remarks in label, epoch s");
  });

  test("paths with one node that differs give machines, with two also aggregators, compared over all files", async () => {
    const graphite = (name: string) => `${name},2025-07-01 00:00:00,1\n${name},2025-07-01 00:01:00,1\n`;
    expect(await keys({ "g.csv": graphite("s.n1.lag") + graphite("s.n2.lag") })).toEqual(["n1/g", "n2/g"]);
    const two = { "a.csv": graphite("s.n1.lag.x"), "b.csv": graphite("s.n2.lag.x") + graphite("s.n1.lag.y") };
    expect(await keys(two)).toEqual(["n1/x", "n1/y", "n2/x"]);
    const { notes, template } = await read(two);
    expect(notes.join()).toContain("s.{machine}.lag.{aggregator}");
    // One file alone shows one node that differs, or none; with the template of all it has the same labels.
    expect(await keys({ "b.csv": two["b.csv"] }, { template })).toEqual(["n1/y", "n2/x"]);
  });

  test("the names of several columns in a long file are labels of their own", async () => {
    const long =
      "time,host,aggregator,value\n1751328000,n1,x,1\n1751328060,n1,x,2\n1751328000,n2,y,3\n1751328060,n2,y,4\n";
    const { series } = await read({ "f.csv": long });
    expect(series.map((s) => s.labels)).toEqual([
      { host: "n1", machine: "n1", aggregator: "x" },
      { host: "n2", machine: "n2", aggregator: "y" },
    ]);
  });

  test("a template reads the file's name and the column, and what does not fit is left out with the reason", async () => {
    const { series, leftOut } = await read(
      { "A.visits.csv": wide, "other.csv": wide },
      { template: "A.{aggregator}.csv#{machine}" },
    );
    expect(series.map((s) => s.labels)).toEqual([
      { machine: "n1", aggregator: "visits" },
      { machine: "n2", aggregator: "visits" },
    ]);
    expect(leftOut).toHaveLength(2);
    expect(leftOut[0].reason).toContain("other.csv does not fit A.{aggregator}.csv");
  });

  test("a template that nothing fits is an error that names the first series", async () => {
    await expect(read({ "x.csv": wide }, { template: "s.{machine}.lag" })).rejects.toThrow(
      /no series fits the template s\.\{machine\}\.lag: n1/,
    );
  });
});

describe("merging", () => {
  test("a value beats a missing one, and the later read wins", async () => {
    const { series, merge } = await read({
      "a-2025-06.csv": "Time,n1\n1751328000,1\n1751328060,2\n1751328120,\n",
      "a-2025-07.csv": "Time,n1\n1751328060,5\n1751328120,6\n1751328180,7\n1751328000,\n",
    });
    expect([...series[0].values]).toEqual([1, 5, 6, 7]);
    expect([merge.equalDuplicates, merge.conflictingDuplicates]).toEqual([2, 1]);
    expect(describeMerge(merge).join("\n")).toContain("1 differ");
  });

  test("a finer series is averaged, a coarser one is left out naming the step that takes it", async () => {
    const rows = (name: string, stepS: number, n: number) =>
      Array.from({ length: n }, (_, i) => `${name},${1751328000 + i * stepS},${i}\n`).join("");
    const files = { "l.csv": rows("n1", 60, 10) + rows("n2", 60, 10) + rows("fine", 30, 20) + rows("coarse", 300, 4) };
    const { series, leftOut, merge } = await read(files);
    expect(series.find((s) => s.name === "fine")?.values.slice(0, 3)).toEqual(Float64Array.of(0.5, 2.5, 4.5));
    expect(leftOut).toEqual([
      { name: "coarse", labels: expect.anything(), reason: "its step is 5m, coarser than 1m; --step 5m takes it" },
    ]);
    expect([merge.averagedSeries, merge.coarserSeries]).toEqual([1, 1]);
    const all = await read(files, { stepMs: 300_000 });
    expect(all.leftOut).toEqual([]);
    expect(brief(all.series)["n1/l"]).toEqual([START, 300, 2, 7]);
  });

  test("a series whose step changes with age is named", async () => {
    const old = Array.from({ length: 50 }, (_, i) => `${1751328000 + i * 300},1\n`).join("");
    const young = Array.from({ length: 500 }, (_, i) => `${1751343000 + i * 60},1\n`).join("");
    const { merge } = await read({ "a.csv": `Time,n1\n${old}${young}` });
    expect(merge.stepMs).toBe(60_000);
    expect(describeMerge(merge).join("\n")).toContain(
      "n1 changes its step: 5m instead of 1m from 2025-07-01T00:00:00Z",
    );
  });

  test("times between slots are floored", async () => {
    const { series, merge } = await read({ "a.csv": "Time,n1\n1751328007,1\n1751328067,2\n1751328127,3\n" });
    expect(brief(series)["n1/a"]).toEqual([START, 60, 1, 2, 3]);
    expect(merge.offGrid).toBe(3);
  });

  test("any order of the rows and any rows twice give the same series", async () => {
    const rows = Array.from(
      { length: 40 },
      (_, i) => `${1751328000 + i * 60},${(i * 7919) % 97},${i % 5 === 0 ? "" : i / 8}\n`,
    );
    const reference = brief((await read({ "a.csv": `Time,n1,n2\n${rows.join("")}` })).series);
    await fc.assert(
      fc.asyncProperty(
        fc.shuffledSubarray(rows, { minLength: rows.length }),
        fc.subarray(rows),
        async (shuffled, twice) => {
          const home = put({ "a.csv": `Time,n1,n2\n${shuffled.join("")}${twice.join("")}` });
          expect(brief((await readCsv([home])).series)).toEqual(reference);
        },
      ),
      { numRuns: 25, seed: 4 },
    );
  });

  test("quoted cells give the same as plain ones", async () => {
    const number = fc.oneof(
      fc.double({ noNaN: true, noDefaultInfinity: true }).map(String),
      fc.constant(""),
      fc.integer().map(String),
    );
    await fc.assert(
      fc.asyncProperty(fc.array(fc.tuple(number, number), { minLength: 2, maxLength: 30 }), async (values) => {
        const lines = (quote: string) =>
          values
            .map(([a, b], i) => [1751328000 + i * 60, a, b].map((cell) => quote + cell + quote).join(","))
            .join("\n");
        // A first plain row, so that both files have numbers whatever the rest is.
        const plain = await read({ "a.csv": `Time,n1,n2\n1751327940,1,2\n${lines("")}\n` });
        const quoted = await read({ "a.csv": `Time,n1,n2\n1751327940,1,2\n${lines('"')}\n` });
        expect(brief(quoted.series)).toEqual(brief(plain.series));
      }),
      { numRuns: 40, seed: 5 },
    );
  });

  test("what was read has one fingerprint, and one changed byte another", async () => {
    const text = "Time,n1\n1751328000,1\n1751328060,2\n";
    const [a, b, c] = [
      await read({ "a.csv": text }),
      await read({ "b.csv": text }),
      await read({ "a.csv": text.replace("2\n", "3\n") }),
    ];
    expect(a.fingerprint).toMatch(/^[0-9a-f]{64}$/);
    expect(b.fingerprint).toBe(a.fingerprint);
    expect(c.fingerprint).not.toBe(a.fingerprint);
  });

  test("rows outside the range are counted and not kept", async () => {
    const range = { startMs: 1751328060_000, endMs: 1751328180_000 };
    const { series, files } = await read(
      { "a.csv": "Time,n1\n1751328000,1\n1751328060,2\n1751328120,3\n1751328180,4\n" },
      { range },
    );
    expect([...series[0].values]).toEqual([2, 3]);
    expect(files[0].rows).toBe(4);
  });
});

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
      "rounded numbers with units",
      "Time,n1\n1751328000,3\n1751328060,1.2 K\n1751328120,4\n",
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

  test("refused cells are told with line and column", async () => {
    const { files } = await read({ "a.csv": "Time,n1,n2\n1751328000,3,1\n1751328060,1.2 K,2\n1751328120,abc,3\n" });
    expect(files[0].refusedCells).toEqual([
      { line: 3, column: "n1", text: "1.2 K", reason: "a formatted number with a unit; export without formatting" },
      { line: 4, column: "n1", text: "abc", reason: "text where a number should be" },
    ]);
    expect(describeFile(files[0])).toContain('2 cells refused (line 3, column n1: "1.2 K" is a formatted number');
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
    await expect(readCsv([join(folder, "nowhere.csv")])).rejects.toThrow(/there is no file .*nowhere\.csv/);
    await expect(readCsv([put({ "x.txt": "no" })])).rejects.toThrow(/holds no \.csv/);
    await expect(readCsv([join(folder, "*.nothing")])).rejects.toThrow(/no file matches/);
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

import { gzipSync } from "node:zlib";
import { afterAll, describe, expect, test } from "vitest";
import { brief, openCsvFolder } from "../sources/testing/csv-files.js";
import { readCsv } from "./history.js";

const files = openCsvFolder();
afterAll(files.remove);
const { put, read } = files;

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
    expect((await readCsv([file])).notes[0]).toMatch(/agg\.csv have no time zone and are read as UTC; --timezone/);
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

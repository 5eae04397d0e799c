import { gzipSync } from "node:zlib";
import { afterAll, describe, expect, test } from "vitest";
import { openCsvFolder } from "../sources/testing/csv-files.js";

const files = openCsvFolder();
afterAll(files.remove);
const { read } = files;

const START_S = 1_751_328_000;
const named = (count: number, stepS: number) =>
  `time,name,value\n${Array.from({ length: count }, (_, i) => `${START_S + i * stepS},m${i},1\n`).join("")}`;

describe("readCsv refuses, naming file, column and option,", () => {
  test("more names in a column than --max-series", async () => {
    await expect(read({ "a.csv": named(30, 0) }, { maxSeries: 20 })).rejects.toThrow(
      /a\.csv, column "name", has more than 20 series, about one row each: .*; read less, or raise --max-series$/,
    );
    expect((await read({ "a.csv": named(20, 0) }, { maxSeries: 20 })).series).toHaveLength(20);
  });

  test("more columns than --max-series, and counts columns of repeated blocks once", async () => {
    const block = `time,n1,n2\n${START_S},1,2\n`;
    await expect(read({ "a.csv": block }, { maxSeries: 1 })).rejects.toThrow(/a\.csv has more than 1 series/);
    expect((await read({ "a.csv": `${block}\n${block}` }, { maxSeries: 2 })).series).toHaveLength(2);
  });

  test("more series in all files together than --max-series", async () => {
    const file = (name: string) => `time,${name}\n${START_S},1\n`;
    const both = { "a.csv": file("n1"), "b.csv": file("n2") };
    await expect(read(both, { maxSeries: 1 })).rejects.toThrow(
      /the set of files up to .*b\.csv has more than 1 series/,
    );
    expect((await read({ "a.csv": file("n1"), "b.csv": file("n1") }, { maxSeries: 1 })).series).toHaveLength(2);
  });

  test("gzip that unpacks to more than --max-decompressed", async () => {
    const text = `time,n1\n${`${START_S},1\n`.repeat(1000)}`;
    const packed = { "a.csv.gz": gzipSync(text) };
    await expect(read(packed, { maxDecompressedBytes: text.length - 1 })).rejects.toThrow(
      /a\.csv\.gz unpacks to more than .* MB; split it, or raise --max-decompressed$/,
    );
    expect((await read(packed, { maxDecompressedBytes: text.length })).files[0].rows).toBe(1000);
  });

  test("a table of events, in which every row is a series", async () => {
    await expect(read({ "a.csv": named(1200, 60) })).rejects.toThrow(
      /a\.csv is a table of events and not of series: column "name" names 1,200 series in 1,200 rows; count the events/,
    );
  });

  test("but not one look at a large fleet", async () => {
    expect((await read({ "a.csv": named(1200, 0) })).series).toHaveLength(1200);
  });
});

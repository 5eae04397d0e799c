import fc from "fast-check";
import { afterAll, expect, test } from "vitest";
import { brief, openCsvFolder } from "../sources/testing/csv-files.js";
import { isQuoteOpen } from "./records.js";

const files = openCsvFolder();
afterAll(files.remove);
const { read } = files;

const START = "2025-07-01T00:00";
const minutes = (count: number) => Array.from({ length: count }, (_, i) => 1_751_328_000_000 + i * 60_000);

test.each([
  ["plain", (time: number, i: number) => `${time},${i}`],
  ["quoted", (time: number, i: number) => `"${new Date(time).toISOString()}","${i}"`],
])("CR CR LF, as text mode on Windows makes of CR LF, ends one line (%s cells)", async (_, row) => {
  const lines = ['"Time","n1"', ...minutes(300).map(row)];
  const history = await read({ "agg.csv": lines.map((line) => `${line}\r\r\n`).join("") });
  expect(history.files[0].dialect).toMatch(/^wide/);
  expect(history.files[0]).toMatchObject({ rows: 300, refused: 0, gaps: 0 });
  expect(brief(history.series)["n1/agg"].slice(0, 4)).toEqual([START, 60, 0, 1]);
});

test("line ends may change within a quoted file", async () => {
  const history = await read({
    "agg.csv": '"Time","n1"\r\n"1751328000","1"\n"1751328060","2"\r\n"1751328120","3"\n',
  });
  expect(brief(history.series)).toEqual({ "n1/agg": [START, 60, 1, 2, 3] });
});

test("a row that begins with a time is no header, whatever its other cells are called", async () => {
  const plain = await read({ "a.csv": "2025-07-01T00:00:00Z,ts,5\n2025-07-01T00:01:00Z,ts,6\n" });
  expect(plain.files[0]).toMatchObject({ rows: 2 });
  const blocks = await read({
    "a.csv": "name,time,value\nx,2025-07-01T00:00:00Z,5\n\n2025-07-01T00:01:00Z,x,6\nx,2025-07-01T00:02:00Z,7\n",
  });
  expect(blocks.files[0].dialect).toMatch(/^long/);
  expect(blocks.files[0]).toMatchObject({ refused: 1 });
});

test("quoted line breaks in a header are part of the names (RFC 4180), in the first block and in others", async () => {
  const history = await read({
    "agg.csv": '"Time","lag\r\n(ms)"\r\n1751328000,1\r\n1751328060,2\r\n\r\n"Time","load\n\nof n2"\n1751328000,7\n',
  });
  expect(history.files[0].refused).toBe(0);
  expect(brief(history.series)).toEqual({ "lag (ms)/agg": [START, 60, 1, 2], "load of n2/agg": [START, 60, 7] });
});

test("the quote of an inch opens no cell", async () => {
  const history = await read({ "agg.csv": 'time,5" disk,n2\n1751328000,1,2\n1751328060,3,4\n' });
  expect(brief(history.series)).toEqual({ '5" disk/agg': [START, 60, 1, 3], "n2/agg": [START, 60, 2, 4] });
});

test("a cell is open exactly where a written one is cut within its quotes", () => {
  const cell = fc.array(fc.constantFrom('"', ",", "\n", "a", ""), { maxLength: 6 }).map((parts) => parts.join(""));
  const written = fc.array(cell, { minLength: 1, maxLength: 5 });
  fc.assert(
    fc.property(written, (cells) => {
      const quoted = cells.map((text) => `"${text.replaceAll('"', '""')}"`);
      expect(isQuoteOpen(quoted.join(","))).toBe(false);
      expect(isQuoteOpen([...quoted, '"cut'].join(","))).toBe(true);
    }),
  );
});

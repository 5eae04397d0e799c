import { afterAll, expect, test } from "vitest";
import { openCsvFolder } from "../sources/testing/csv-files.js";

const files = openCsvFolder();
afterAll(files.remove);

const HOSTS = ["7", "8", "9"];
const START_S = 1_751_328_000;
const interleaved = (header: string, row: (time: number, host: string, i: number) => string) =>
  `${header}\n${Array.from({ length: 60 }, (_, i) => `${row(START_S + Math.floor(i / 3) * 60, HOSTS[i % 3], i)}\n`).join("")}`;
const notesOf = async (text: string) =>
  (await files.read({ "a.csv": text })).notes.filter((note) => /mixed/.test(note));

test("hosts interleaved under a name that is not known as one: the column is named", async () => {
  const text = interleaved("time,box,load", (time, host, i) => `${time},${host},${i / 7}`);
  expect(await notesOf(text)).toEqual([expect.stringContaining('column "box" likely names them; call it host')]);
});

test("… under the name of a remark", async () => {
  const text = interleaved("time,label,load", (time, host, i) => `${time},h${host},${i / 7}`);
  expect(await notesOf(text)).toEqual([expect.stringContaining('column "label"')]);
});

test("… each a few seconds after the other, in a text column", async () => {
  const text = interleaved("time,box,load", (time, host, i) => `${time + (i % 3) * 5},h${host},${i / 7}`);
  expect(await notesOf(text)).toEqual([expect.stringContaining('column "box"')]);
});

test("… without any column that distinguishes them: the times are", async () => {
  const text = interleaved("time,load", (time, _, i) => `${time},${i / 7}`);
  expect(await notesOf(text)).toEqual([expect.stringContaining("40 rows have a time that another row has")]);
});

test("a remark that changes seldom, and a time that is there twice, are no reason to warn", async () => {
  const remark = Array.from({ length: 60 }, (_, i) => `${START_S + i * 60},${i > 30 ? "late" : "ok"},${i}\n`).join("");
  expect(await notesOf(`time,text,load\n${remark}`)).toEqual([]);
  expect(await notesOf(`time,load\n${remark.replaceAll(/,\w+,/g, ",")}${START_S},99\n`)).toEqual([]);
});

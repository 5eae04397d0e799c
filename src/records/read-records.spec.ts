import { describe, expect, test } from "vitest";
import { InputError } from "../errors/errors.js";
import { hydrateRecords } from "../hydrate/hydrate-records.js";
import { committedFleet, memorySource, recordOf } from "../hydrate/testing/fleet-source.js";
import { formatRecords, type RecordFormat } from "./format-records.js";
import { readRecords } from "./read-records.js";
import type { AnomalyRecord } from "./record.js";
import { isHydrated } from "./schema.js";

async function read(text: string) {
  const records = [];
  for await (const record of readRecords(text.split("\n"), "out/anomalies.ndjson")) records.push(record);
  return records;
}
async function format(records: readonly AnomalyRecord[], as: RecordFormat, hydrated?: boolean) {
  let text = "";
  for await (const piece of formatRecords(records, as, { hydrated })) text += piece;
  return text;
}
async function hydrated() {
  const source = memorySource(committedFleet());
  const all = [];
  for await (const record of hydrateRecords([recordOf(), recordOf({ id: "2", machine: "gone" })], {
    source,
    nowMs: Date.parse("2025-07-04T00:00:00Z"),
    windowMode: "centred",
  })) {
    all.push(record);
  }
  return all;
}

describe("what is written is read again", () => {
  test.each(["ndjson", "json"] as const)("%s, hydrated or not", async (as) => {
    const plain = [recordOf(), recordOf({ id: "2", observed: null, unit: null, reasons: [] })];
    expect(await read(await format(plain, as))).toEqual(plain);
    const full = await hydrated();
    const back = await read(await format(full, as));
    expect(back).toEqual(full);
    expect(back.every(isHydrated)).toBe(true);
    expect((await read(await format(plain, as))).some(isHydrated)).toBe(false);
  });

  test.each(["ndjson", "json"] as const)("no record at all as %s", async (as) => {
    expect(await read(await format([], as))).toEqual([]);
  });
});

describe("readRecords", () => {
  const line = JSON.stringify(recordOf());

  test("skips empty lines, a byte order mark and carriage returns, and keeps fields that it does not know", async () => {
    const extra = JSON.stringify({ ...recordOf(), team: "storage" });
    expect(await read(`\uFEFF${line}\r\n\n${extra}\r\n`)).toEqual([recordOf(), { ...recordOf(), team: "storage" }]);
  });

  test("a record from before alerted_at was written gets the end of its first slot", async () => {
    const { alerted_at: _, ...older } = recordOf();
    expect(await read(JSON.stringify(older))).toEqual([{ ...recordOf(), alerted_at: "2025-07-02T12:00:00Z" }]);
  });

  test.each([
    ["{", "line 2 of out/anomalies.ndjson is not complete JSON"],
    ["\u0000\u0001PNG", 'line 2 of out/anomalies.ndjson is not complete JSON: it begins with "?PNG"'],
    ["7", 'line 2 of out/anomalies.ndjson is "7" and not a record'],
    [line.replace("anomaly/1", "anomaly/2"), 'has the schema "anomaly/2", but only "anomaly/1" can be read'],
    ["{}", "has the schema (none)"],
    [line.replace('"high"', '"terrible"'), "in the field severity"],
    [line.replace('"step_s":1200', '"step_s":0'), "in the field step_s"],
    [line.replace('"start":"2025-07-02T11:40:00Z"', '"start":"yesterday"'), "in the field start: must be a time"],
    [line.replace('"end":"2025-07-02T12', '"end":"2025-07-01T12'), "end must not be before start"],
    [line.replace(/}$/, ',"context":{"start":"x"}}'), "line 2 of out/anomalies.ndjson is not a record in the field"],
  ])("refuses %s, naming the line", async (bad, message) => {
    const failure = await read(`${line}\n${bad}\n`).catch((error: unknown) => error);
    expect(failure).toBeInstanceOf(InputError);
    expect(String(failure)).toContain(message);
    expect(String(failure)).not.toContain("\n");
  });

  test("refuses arrays of different length in a context", async () => {
    const [record] = await hydrated();
    const short = { ...record, context: { ...record.context, lag_24h: [1] } };
    await expect(read(JSON.stringify(short))).rejects.toThrow("all arrays must be as long as observed");
  });

  test("names the record in an array", async () => {
    await expect(read(`[\n${line},\n{"schema":"anomaly/1"}]`)).rejects.toThrow("record 2 of out/anomalies.ndjson");
    await expect(read(`[\n${line},`)).rejects.toThrow("out/anomalies.ndjson is not complete JSON");
  });

  test("gives the records before a bad line first", async () => {
    const iterator = readRecords([line, "{"]);
    expect((await iterator.next()).value).toEqual(recordOf());
    await expect(iterator.next()).rejects.toThrow("line 2");
  });
});

describe("csv", () => {
  test("has a header and one line per record, empty for null, quoted where needed", async () => {
    const text = await format([recordOf({ machine: 'a "b", c', observed: null })], "csv");
    const [header, row, end] = text.split("\n");
    expect(header.split(",").slice(0, 4)).toEqual(["machine", "aggregator", "timestamp", "severity"]);
    expect(row).toMatch(/^"a ""b"", c",client_presence_hour,2025-07-02T11:40:00Z,high,spike,up,4\.21,,0\.0231,/);
    expect(row).toContain(",3.6× above the band; 4.1× the value 24 h ago,");
    expect(end).toBe("");
  });

  test("has the figures of hydrate if the first record has them, and the header alone for none", async () => {
    const text = await format(await hydrated(), "csv");
    const rows = text.trimEnd().split("\n");
    expect(rows[0].split(",").slice(-12, -9)).toEqual(["max_value", "avg_value", "valid_pct"]);
    expect(rows).toHaveLength(3);
    expect(rows[2]).toContain("no data for gone.client_presence_hour");
    expect(await format([], "csv", true)).toBe(`${rows[0]}\n`);
  });
});

import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { plainRecords } from "./plain-records.js";
import { readRecords } from "./read-records.js";
import { testRecord } from "./testing/record.js";

const record = testRecord({ upper: null });

async function readBySchema(text: string): Promise<unknown[] | undefined> {
  const records: unknown[] = [];
  try {
    for await (const one of readRecords(text.split("\n"))) records.push(one);
    return records;
  } catch {
    return undefined;
  }
}

describe("records read without the schema's library", () => {
  test("are the records", () => {
    const text = `${JSON.stringify(record)}\n${JSON.stringify({ ...record, id: "b" })}\n`;
    expect(plainRecords(text)).toEqual([record, { ...record, id: "b" }]);
    expect(plainRecords("")).toEqual([]);
  });

  test("are never taken where the schema would refuse or change them", async () => {
    const odd = fc.oneof(
      fc.constantFrom<unknown>(
        null,
        undefined,
        "",
        "x",
        -1,
        0,
        1,
        [],
        {},
        true,
        "2025-07-01",
        "2025-07-01T00:00:00+02:00",
        [1],
        { a: 1 },
      ),
      fc.string(),
      fc.double(),
    );
    await fc.assert(
      fc.asyncProperty(fc.constantFrom(...Object.keys(record), "context"), odd, async (field, value) => {
        const text = JSON.stringify({ ...record, [field]: value });
        const plain = plainRecords(text);
        if (plain !== undefined) expect(await readBySchema(text)).toEqual(plain);
      }),
      { numRuns: 500 },
    );
  });

  test.each([
    ["half a line", JSON.stringify(record).slice(0, 100)],
    ["an array", JSON.stringify([record])],
    ["a number", "5"],
    ["another version", JSON.stringify({ ...record, schema: "anomaly/2" })],
    ["a record that ends before it starts", JSON.stringify({ ...record, end: "2001-01-01T00:00:00Z" })],
    ["an older record without alerted_at", JSON.stringify({ ...record, alerted_at: undefined })],
  ])("leave %s to the reader with the schema", (_name, text) => {
    expect(plainRecords(text)).toBeUndefined();
  });
});

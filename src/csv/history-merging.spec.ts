import fc from "fast-check";
import { afterAll, describe, expect, test } from "vitest";
import { brief, openCsvFolder } from "../sources/testing/csv-files.js";
import { readCsv } from "./history.js";
import { describeMerge } from "./merge-history.js";

const files = openCsvFolder();
afterAll(files.remove);
const { put, read } = files;

const START = "2025-07-01T00:00";

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

  test.each([
    ["long", "name,time,value\ns.n1.a,1751328000,1\ns.n1.a,1751328060,2\n"],
    ["wide", "time,n1\n1751328000,1\n1751328060,2\n"],
  ])("a range without any row is an error that says where the data is, %s", async (_, content) => {
    const later = { range: { startMs: Date.parse("2026-01-01") } };
    await expect(read({ "a.csv": content }, later)).rejects.toThrow(
      "there is no row from 2026-01-01T00:00:00Z; the data runs from 2025-07-01T00:00:00Z to 2025-07-01T00:01:00Z",
    );
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

import { existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { seededRandom } from "../math/random.js";
import { takeSlots } from "../shelf/stored-series.js";
import type { CsvOptions } from "./csv-options.js";
import { readCsv } from "./history.js";
import { SPILL_ROWS } from "./spilled-columns.js";
import { readCsvStored } from "./stored-history.js";

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "stored-"));
});
afterAll(() => rmSync(folder, { recursive: true }));

const START_S = 1_750_000_200;

/** A wide file of more rows than are held at a time; `times` says which minute each row is of. */
function writeWide(
  name: string,
  times: readonly number[],
  seed: number,
  cell = (value: number) => value.toFixed(4),
): string {
  const random = seededRandom(seed);
  const rows = times.map((minute) => {
    const cells = ["a", "b", "c"].map(() => (random() < 0.05 ? "" : cell(random() * 10)));
    return [START_S + minute * 60, ...cells].join(",");
  });
  const path = join(folder, name);
  writeFileSync(path, `Time,a,b,c\n${rows.join("\n")}\n`);
  return path;
}

const minutes = (from: number, count: number) => Array.from({ length: count }, (_, i) => from + i);

async function both(paths: readonly string[], options: CsvOptions = {}) {
  const scratchFolder = join(folder, "scratch");
  const memory = await readCsv(paths, options);
  const stored = await readCsvStored(paths, options, { threads: 1, scratchFolder, memoryBytes: 0 });
  const places = stored.series.map(({ place }) => place.kind);
  const series = stored.series.map((one) => takeSlots(one));
  rmSync(scratchFolder, { recursive: true, force: true });
  return { memory, stored: { ...stored, series }, places };
}

describe("a history that is too large for memory", () => {
  test("is the history that fits into memory, value by value and word by word", async () => {
    const n = 2 * SPILL_ROWS + 100;
    const paths = [
      writeWide("fleet-2025-06.csv", minutes(0, n), 1),
      writeWide("fleet-2025-07.csv", minutes(n - 50, n), 2),
      writeWide("fleet-2025-08.csv", minutes(5, 10), 3),
    ];
    const { memory, stored, places } = await both(paths);
    expect(new Set(places)).toEqual(new Set(["file"]));
    expect(stored).toEqual(memory);
    expect(memory.merge.conflictingDuplicates).toBeGreaterThan(0);
  });

  test("also where rows are out of order, doubled, or percentages", async () => {
    const random = seededRandom(4);
    const times = minutes(0, SPILL_ROWS + 500).map((m) => (random() < 0.1 ? Math.floor(random() * 4000) : m));
    const paths = [writeWide("shuffled.csv", times, 5, (value) => `${value.toFixed(2)}%`)];
    const { memory, stored } = await both(paths, { percent: "ratio" });
    expect(memory.files[0].duplicates).toBeGreaterThan(100);
    expect(memory.files[0].ordered).toBe(false);
    expect(stored).toEqual(memory);
  });

  test("leaves only the file of the series behind, and a history that fits leaves none", async () => {
    const scratchFolder = join(folder, "left");
    const paths = [writeWide("left.csv", minutes(0, SPILL_ROWS + 1), 6)];
    const small = await readCsvStored(paths, {}, { threads: 1, scratchFolder });
    expect(small.series.map(({ place }) => place.kind)).toEqual(["memory", "memory", "memory"]);
    expect(existsSync(scratchFolder)).toBe(false);
    await readCsvStored(paths, {}, { threads: 1, scratchFolder, memoryBytes: 0 });
    expect(existsSync(join(scratchFolder, "file-0"))).toBe(false);
    expect(existsSync(join(scratchFolder, "series"))).toBe(true);
  });
});

import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parse } from "csv-parse";
import { afterAll, bench, describe } from "vitest";
import { seededRandom } from "../math/random.js";
import { readCsvFile } from "./read-file.js";

const [ROWS, COLUMNS] = [4000, 100];
const random = seededRandom(1);
const header = ["Time", ...Array.from({ length: COLUMNS }, (_, c) => `n${c}`)].join(",");
const rows = Array.from({ length: ROWS }, (_, i) =>
  [1_750_000_200 + i * 60, ...Array.from({ length: COLUMNS }, () => (random() * 0.1).toFixed(6))].join(","),
);
const text = `${header}\n${rows.join("\n")}\n`;
const folder = mkdtempSync(join(tmpdir(), "scan-bench-"));
const path = join(folder, "wide.csv");
writeFileSync(path, text);
const options = {
  timezone: "UTC",
  rangeStartMs: Number.NEGATIVE_INFINITY,
  rangeEndMs: Number.POSITIVE_INFINITY,
};
afterAll(() => rmSync(folder, { recursive: true }));

describe(`a wide file of ${(text.length / 1e6).toFixed(1)} MB`, () => {
  bench("read into columns", async () => {
    await readCsvFile(path, options, () => {});
  });
  bench("csv-parse alone, every cell to a number", async () => {
    let sum = 0;
    const parser = parse(text, { from: 2 });
    parser.on("data", (cells: string[]) => {
      for (const cell of cells) sum += Number(cell);
    });
    await new Promise((done) => parser.on("end", done));
    if (!(sum > 0)) throw new Error("nothing was read");
  });
});

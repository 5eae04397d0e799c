import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import type { Target } from "../sources/source.js";
import { createCsvSource } from "./source.js";

const folder = mkdtempSync(join(tmpdir(), "anomaly-csv-source-"));
afterAll(() => rmSync(folder, { recursive: true }));
const minutes = (count: number, stepS: number, row: (i: number) => string) =>
  Array.from({ length: count }, (_, i) => `${1_751_328_000 + i * stepS},${row(i)}\n`).join("");
writeFileSync(
  join(folder, "visits.csv"),
  `Time,n1,n2,slow\n${minutes(40, 60, (i) => `${i},${-i},${i % 10 === 0 ? i : ""}`)}`,
);
writeFileSync(join(folder, "probes.csv"), `Time,n1\n${minutes(40, 60, (i) => `${i * 2}`)}`);
const range = { startMs: 1_751_328_000_000, endMs: 1_751_328_120_000 };

describe("a CSV source picks series", () => {
  const source = createCsvSource([folder]);
  const names = async (...targets: Target[]) =>
    (await source.fetch({ targets }, range)).series
      .map((s) => `${s.labels["machine"]}/${s.labels["aggregator"]}`)
      .sort();

  test.each<[string, Target, readonly string[]]>([
    ["all", { expression: "*", labels: {} }, ["n1/probes", "n1/visits", "n2/visits", "slow/visits"]],
    ["by name", { expression: "n2", labels: {} }, ["n2/visits"]],
    ["by glob", { expression: "n?", labels: {} }, ["n1/probes", "n1/visits", "n2/visits"]],
    ["by labels", { expression: "s.n1.x.probes", labels: { machine: "n1", aggregator: "probes" } }, ["n1/probes"]],
    ["all with a label", { expression: "*", labels: { aggregator: "probes" } }, ["n1/probes"]],
  ])("%s", async (_, target, expected) => {
    expect(await names(target)).toEqual(expected);
  });

  test("each once, however many targets name it", async () => {
    expect(await names({ expression: "n2", labels: {} }, { expression: "*", labels: { machine: "n2" } })).toEqual([
      "n2/visits",
    ]);
  });
});

test("a series that was left out is no data with the reason", async () => {
  const far = mkdtempSync(join(folder, "coarse-"));
  writeFileSync(join(far, "a.csv"), `Time,n1,n2\n${minutes(200, 60, () => "1,2")}`);
  writeFileSync(join(far, "b.csv"), `Time,slow\n${minutes(20, 600, () => "1")}`);
  const { problems } = await createCsvSource([far]).fetch({ targets: [{ expression: "slow", labels: {} }] }, range);
  expect(problems).toMatchObject([
    { kind: "no_data", reason: "slow was left out: its step is 10m, coarser than 1m; --step 10m takes it" },
  ]);
});

test("the files are read once for all fetches, and a failure is thrown at each", async () => {
  const once = mkdtempSync(join(folder, "once-"));
  writeFileSync(join(once, "a.csv"), `Time,n1\n${minutes(3, 60, String)}`);
  const source = createCsvSource([once]);
  const targets = [{ expression: "n1", labels: {} }];
  const first = await source.fetch({ targets }, range);
  rmSync(once, { recursive: true });
  expect(await source.fetch({ targets }, range)).toEqual(first);
  const missing = createCsvSource([join(folder, "nowhere.csv")]);
  await expect(missing.fetch({ targets }, range)).rejects.toMatchObject({ code: "input.missing" });
});

import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { testSource } from "../testing/source-spec.js";
import { openCsv } from "./open-csv.js";

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "open-csv-"));
  writeFileSync(join(folder, "lag.csv"), "time,n1,n2\n1751328000,1,2\n1751328060,1,2\n");
});
afterAll(() => rmSync(folder, { recursive: true }));

async function open(variable: string) {
  const [name, value] = variable.split("=");
  const spec = testSource({ paths: [folder], var: [{ name, values: [value] }] });
  return openCsv(spec, undefined, { onProgress: () => {} });
}

describe("--var on CSV", () => {
  test("takes the series that fit, and now is the end of all the data", async () => {
    const fetched = async (variable: string) => {
      const { source, targets, nowMs } = await open(variable);
      const { series } = await source.fetch({ targets }, { startMs: 0, endMs: nowMs });
      return [series.map(({ name }) => name), nowMs];
    };
    const endMs = 1751328120_000;
    expect(await fetched("machine=n2")).toEqual([["n2"], endMs]);
    expect(await fetched("machine=zzz")).toEqual([[], endMs]);
  });

  test("is refused where no series has such a label, naming those that there are", async () => {
    await expect(open("machin=n2")).rejects.toThrow(
      "--var machin: no series has such a label, there are aggregator, machine; did you mean machine?",
    );
  });
});

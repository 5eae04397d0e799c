import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import type { Series } from "../series/series.js";
import { withoutEmptyEnds } from "./held-span.js";
import { Scratch } from "./scratch.js";
import { storeInMemory, storeInScratch, takeSlots } from "./stored-series.js";

const { NaN: NONE } = Number;
const STEP_MS = 60_000;
const made = (name: string, startMs: number, values: readonly number[]): Series => ({
  name,
  labels: { machine: name, aggregator: "a" },
  startMs,
  stepMs: STEP_MS,
  values: Float64Array.from(values),
});
const shown = (series: ReturnType<typeof withoutEmptyEnds>) =>
  series.map((one) => [one.startMs / STEP_MS, [...takeSlots(one).values], one.coverage]);

test("the time before the first and after the last value of all is cut; gaps and later beginnings stay", () => {
  const a = made("a", 0, [NONE, NONE, 1, NONE, 3, NONE, NONE]);
  const b = made("b", STEP_MS, [NONE, NONE, NONE, 2, NONE, 4, NONE, NONE]);
  expect(shown(withoutEmptyEnds([a, b].map(storeInMemory)))).toEqual([
    [2, [1, NONE, 3, NONE, NONE], 2 / 5],
    [2, [NONE, NONE, 2, NONE, 4], 2 / 5],
  ]);
});

test("what has no empty ends, no value at all, or no slot stays the same object", () => {
  const full = storeInMemory(made("full", 0, [1, NONE, 2]));
  const empty = storeInMemory(made("empty", 0, [NONE, NONE, NONE, NONE]));
  const slotless = storeInMemory(made("slotless", 0, []));
  const kept = withoutEmptyEnds([full, empty, slotless]);
  [full, empty, slotless].forEach((one, i) => {
    expect(kept[i]).toBe(one);
  });
  expect(withoutEmptyEnds([empty])[0]).toBe(empty);
});

test("is the same for series in a file, and for ends longer than what is read at once", () => {
  const folder = mkdtempSync(join(tmpdir(), "anomaly-held-"));
  try {
    const scratch = new Scratch(join(folder, "scratch"));
    const keep = storeInScratch(scratch);
    const long = [...Array(9000).fill(NONE), 7, NONE, 8, ...Array(5000).fill(NONE)];
    const stored = [made("a", 0, [1, 2]), made("long", 2 * STEP_MS, long)].map(keep);
    const [, one] = withoutEmptyEnds([keep(made("x", 0, [NONE])), stored[1]]);
    expect(shown([one])).toEqual([[9002, [7, NONE, 8], 2 / 3]]);
    expect(shown(withoutEmptyEnds(stored))[1][1]).toEqual(long.slice(0, 9003));
    scratch.close();
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});

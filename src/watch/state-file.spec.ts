import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import type { ScorerState } from "../detectors/detector.js";
import { openWatchFile, packWatched, unpackWatched, writeWatchFile } from "./state-file.js";
import type { Watched } from "./watched.js";

const folder = mkdtempSync(join(tmpdir(), "anomaly-states-"));
afterAll(() => rmSync(folder, { recursive: true }));

function watchedOf(scorer: ScorerState): Watched {
  const last = { timeMs: 60_000, value: 7 };
  return {
    startMs: 0,
    checkpointMs: 120_000,
    scorer,
    tail: Float64Array.of(7),
    last,
    gapSlots: 0,
    fromMs: 0,
    trace: null,
  };
}

test("states of bytes and of numbers are in one file, each as its scorer gave it", () => {
  const path = join(folder, "states");
  // Lengths that are no multiple of eight, so that each is padded before the next begins.
  const states = { odd: Uint8Array.of(1, 2, 255), numbers: Float64Array.of(0.5, -1), even: new Uint8Array(16).fill(3) };
  writeWatchFile(
    path,
    "these",
    Object.entries(states).map(([key, state]) => packWatched(key, watchedOf(state))),
  );
  const read = openWatchFile(path, "these")?.read();
  for (const [key, state] of Object.entries(states)) {
    const packed = read?.get(key);
    if (packed === undefined) throw new Error(`${key} is not in the file`);
    const { scorer, tail } = unpackWatched(packed);
    expect([...scorer]).toEqual([...state]);
    expect(scorer instanceof Float64Array).toBe(state instanceof Float64Array);
    expect([...tail]).toEqual([7]);
  }
});

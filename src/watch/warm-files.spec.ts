import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { COLD_FILES, type PackedWatched, packWatched, type WatchFiles } from "./state-file.js";
import { type WarmFiles, warmFiles } from "./warm-files.js";

const MINUTE_MS = 60_000;
let folder: string;
let path: string;
let nowMs: number;
let written: number;
let files: WarmFiles;

/** A state whose scorer is one number, so that a test can see which one it is. */
const state = (key: string, number: number): PackedWatched =>
  packWatched(key, {
    startMs: 0,
    checkpointMs: number,
    scorer: Float64Array.of(number),
    tail: Float64Array.of(1, 2),
    last: null,
    gapSlots: 0,
    fromMs: 0,
    trace: null,
  });
const checkpointsOf = (all: WatchFiles, belongsTo = "m") =>
  all.open(path, belongsTo)?.entries.map(({ key, checkpointMs }) => `${key} ${checkpointMs}`);
const onDisk = () => checkpointsOf(COLD_FILES);

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "anomaly-warm-"));
  path = join(folder, "a.watch");
  nowMs = 0;
  written = 0;
  const counting: WatchFiles = {
    open: COLD_FILES.open,
    write: (at, belongsTo, series) => {
      written++;
      COLD_FILES.write(at, belongsTo, series);
    },
  };
  files = warmFiles(counting, () => nowMs);
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

describe("files that stay in memory", () => {
  test("give what was written last, and write to disk every five minutes", () => {
    for (let minute = 0; minute <= 11; minute++) {
      nowMs = minute * MINUTE_MS;
      files.write(path, "m", [state("a", minute)]);
      expect(checkpointsOf(files)).toEqual([`a ${minute}`]);
      expect(onDisk()).toEqual([`a ${Math.floor(minute / 5) * 5}`]);
    }
    expect(written).toBe(3);
  });

  test("are on disk after a flush, once", () => {
    files.write(path, "m", [state("a", 1)]);
    files.write(path, "m", [state("a", 2), state("b", 2)]);
    files.flush();
    files.flush();
    expect(onDisk()).toEqual(["a 2", "b 2"]);
    expect(written).toBe(2);
  });

  test("are read again when another process has written them, and not written over with less than that", () => {
    files.write(path, "m", [state("a", 1)]);
    files.write(path, "m", [state("a", 2)]);
    COLD_FILES.write(path, "m", [state("a", 7)]);
    files.flush();
    expect(onDisk()).toEqual(["a 7"]);
    expect(checkpointsOf(files)).toEqual(["a 7"]);
  });

  test("of another model are not given", () => {
    files.write(path, "m", [state("a", 1)]);
    expect(checkpointsOf(files, "other")).toBeUndefined();
    files.write(path, "other", [state("a", 2)]);
    expect(checkpointsOf(COLD_FILES, "other")).toEqual(["a 2"]);
  });

  test("that were removed do not come back", () => {
    files.write(path, "m", [state("a", 1)]);
    files.write(path, "m", [state("a", 2)]);
    rmSync(path);
    files.flush();
    expect([checkpointsOf(files), onDisk()]).toEqual([undefined, undefined]);
  });

  test("are let go of the longest unused first, and written before", () => {
    const second = join(folder, "b.watch");
    files.write(path, "m", [state("a", 1)]);
    files.write(second, "m", [state("b", 1)]);
    files.write(path, "m", [state("a", 2)]);
    files.open(second, "m");
    const half = files.bytes() / 2;
    expect(files.shed(half)).toBe(1);
    expect(files.bytes()).toBe(half);
    expect(onDisk()).toEqual(["a 2"]);
    expect(files.shed(0)).toBe(1);
    expect(files.bytes()).toBe(0);
    expect(checkpointsOf(files)).toEqual(["a 2"]);
  });
});

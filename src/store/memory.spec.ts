import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { InputError } from "../errors/errors.js";
import { testRecord } from "../records/testing/record.js";
import { memoryPath, readMemory, remember, unreported, writeMemory } from "./memory.js";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "memory-"));
});
afterEach(() => rmSync(folder, { recursive: true }));

describe("the memory between runs", () => {
  test("is empty where there is no file, and comes back as it was written", () => {
    const path = memoryPath(join(folder, "state"), "default");
    const memory = remember(readMemory(path), [testRecord()], 0);
    writeMemory(path, memory);
    expect(readMemory(path)).toEqual(memory);
    expect(memory.episodes).toEqual([
      {
        id: "id-1",
        labels: { machine: "n1", aggregator: "a" },
        start: "2025-07-01T10:00:00Z",
        alerted_at: "2025-07-01T10:20:00Z",
        end: "2025-07-01T11:00:00Z",
        job: null,
        detector: "family",
        kind: "spike",
      },
    ]);
  });

  test("keeps the longer extent of an episode, whichever run saw it", () => {
    const long = testRecord({ end: "2025-07-01T12:00:00Z" });
    const once = remember(remember({ schema: "anomaly-memory/1", episodes: [] }, [long], 0), [testRecord()], 0);
    expect(once.episodes.map(({ end }) => end)).toEqual([long.end]);
  });

  test("keeps the first alarm of an episode, and reads a memory that has none", () => {
    const path = memoryPath(folder, "default");
    const { id, labels, start, end } = testRecord();
    writeFileSync(path, JSON.stringify({ schema: "anomaly-memory/1", episodes: [{ id, labels, start, end }] }));
    const once = remember(readMemory(path), [testRecord()], 0);
    const twice = remember(once, [testRecord({ alerted_at: "2025-07-01T10:40:00Z" })], 0);
    expect(twice.episodes.map(({ alerted_at }) => alerted_at)).toEqual(["2025-07-01T10:20:00Z"]);
  });

  test("forgets what ended before the given moment", () => {
    const memory = remember(
      { schema: "anomaly-memory/1", episodes: [] },
      [testRecord()],
      Date.parse("2025-07-01T11:00:01Z"),
    );
    expect(memory.episodes).toEqual([]);
  });

  test("shows which records were never reported", () => {
    const memory = remember({ schema: "anomaly-memory/1", episodes: [] }, [testRecord()], 0);
    expect(unreported([testRecord(), testRecord({ id: "id-2" })], memory).map(({ id }) => id)).toEqual(["id-2"]);
  });

  test.each([
    "{",
    "{}",
    '{"schema":"anomaly-memory/2","episodes":[]}',
    '{"schema":"anomaly-memory/1","episodes":[{"id":1}]}',
    '{"schema":"anomaly-memory/1","episodes":[{"id":"1","labels":{},"start":"2025-07-01","end":"2025-07-01","alerted_at":7}]}',
  ])("that is damaged or of another version is refused with its path: %s", (content) => {
    const path = join(folder, "default.json");
    writeFileSync(path, content);
    expect(() => readMemory(path)).toThrow(InputError);
    expect(() => readMemory(path)).toThrow(path);
  });

  test("of a model named by its path stays inside the folder", () => {
    expect(memoryPath("out/state", "../models/a b")).toBe(join("out/state", ".._models_a_b.json"));
  });

  test("has a file name that every file system takes, another one for each model however long their names are", () => {
    const long = (end: string) => `default.dynamics:holidays=${"2026-12-25+".repeat(60)}${end}`;
    const names = ["a", "b"].map((end) => basename(memoryPath("s", long(end))));
    expect(new Set(names).size).toBe(2);
    expect(names.map((name) => name.length)).toEqual([125, 125]);
  });
});

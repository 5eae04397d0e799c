import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { describeRunStore, testCheckpoint } from "../testing/run-contract.js";
import { fileRunStore } from "./file-run-store.js";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "store-"));
});
afterEach(() => rmSync(folder, { recursive: true }));

const open = () => fileRunStore(join(folder, "state"), join(folder, "states.ndjson"));
describeRunStore("file", open);

test("the file store writes where version 0.1 did: a memory, checkpoint files, and statuses line by line", () => {
  const store = open();
  store.writeMemory("default", store.readMemory("default"));
  const checkpoints = store.openCheckpoints("default", { belongsTo: "x", seriesCount: 3000, isUseful: () => true });
  for (let i = 0; i < 300; i++) checkpoints.put(`series ${i}`, testCheckpoint(0));
  checkpoints.write();
  const status = {
    labels: {},
    machine: "n1",
    aggregator: "a",
    series: "n1.a",
    state: "ok",
    reason: "a \u202e mark",
  } as const;
  store.writeStatuses([{ ...status, score: 0.5, last_at: null, last_value: null }]);
  expect(readdirSync(join(folder, "state")).sort()).toEqual([
    "default.1of3.watch",
    "default.2of3.watch",
    "default.3of3.watch",
    "default.json",
  ]);
  const [line] = readFileSync(join(folder, "states.ndjson"), "utf8").split("\n");
  expect(JSON.parse(line)).toMatchObject({ series: "n1.a", state: "ok", score: 0.5 });
  expect(line).toContain("\\u202e");
});

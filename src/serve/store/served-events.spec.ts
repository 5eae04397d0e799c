import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { inMemoryStore } from "../../store/in-memory-store.js";
import { testEvent } from "../../store/testing/rows.js";
import { servedEvents } from "./served-events.js";

const NOW = Date.parse("2025-07-01T10:00:00Z");
const MINUTE = 60_000;
const entry = (summary: string) =>
  `BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\nUID:${summary}\r\nDTSTART:20250701T090000Z\r\nDTEND:20250701T120000Z\r\nSUMMARY:${summary}\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n`;

let folder: string;
let path: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "served-events-"));
  path = join(folder, "ops.ics");
});
afterEach(() => rmSync(folder, { recursive: true }));

test("gives the store's events as they are now, and a calendar's from the first run on, also while it cannot be read", async () => {
  const store = inMemoryStore();
  const warnings: string[] = [];
  let nowMs = NOW;
  const events = servedEvents(
    store,
    () => ({ calendars: [{ kind: "maintenance", place: path }], annotations: [], timezone: "UTC" }),
    { nowMs: () => nowMs, log: (level, message) => warnings.push(`${level}: ${message}`), env: {} },
  );
  const notes = async () => (await events()).map(({ note }) => note);
  writeFileSync(path, entry("switches"));
  expect(await notes()).toEqual(["switches"]);
  await store.transaction((transaction) => transaction.put("events", testEvent("x1")));
  expect(await notes()).toEqual(["web-1.42", "switches"]);
  rmSync(path);
  nowMs += 3 * MINUTE;
  await notes();
  await expect.poll(() => warnings.length).toBe(1);
  expect(warnings[0]).toBe(`warn: the events of ${path} are missing: it cannot be read; check the path`);
  expect(await notes()).toEqual(["web-1.42", "switches"]);
  writeFileSync(path, entry("other"));
  nowMs += 3 * MINUTE;
  await expect.poll(notes).toEqual(["web-1.42", "other"]);
});

test("a store that cannot be read is logged, and runs continue without its events", async () => {
  const store = { ...inMemoryStore(), find: () => Promise.reject(new Error("gone")) };
  const said: string[] = [];
  const events = servedEvents(store, () => ({ calendars: [], annotations: [], timezone: "UTC" }), {
    nowMs: () => NOW,
    log: (level, message) => said.push(`${level}: ${message}`),
    env: {},
  });
  expect(await events()).toEqual([]);
  expect(said).toEqual(["error: the store's events are missing: gone"]);
});

test("after a change of the places the next run has the events of the new ones, and none of those that are gone", async () => {
  const [kept, gone] = [join(folder, "kept.ics"), path];
  writeFileSync(gone, entry("switches"));
  writeFileSync(kept, entry("racks"));
  const calendar = (...places: readonly string[]) => ({
    calendars: places.map((place) => ({ kind: "maintenance" as const, place })),
    annotations: [],
    timezone: "UTC",
  });
  let sources = calendar(gone);
  const events = servedEvents(inMemoryStore(), () => sources, { nowMs: () => NOW, log: () => {}, env: {} });
  const notes = async () => (await events()).map(({ note }) => note);
  expect(await notes()).toEqual(["switches"]);
  sources = calendar(kept);
  expect(await notes()).toEqual(["racks"]);
  sources = calendar();
  expect(await notes()).toEqual([]);
});

import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { hydratedOf } from "../../plot/testing/hydrated-record.js";
import { drawnBefore } from "./drawn-before.js";

const folder = mkdtempSync(join(tmpdir(), "drawn-"));
afterAll(() => rmSync(folder, { recursive: true }));
const look = { format: "png", theme: "light", scale: 1 } as const;
const record = hydratedOf();

test("a picture is drawn again only where its record, its look or its file has changed", () => {
  const first = drawnBefore(folder, look, false);
  expect(first.isDrawn("a.png", [record])).toBe(false);
  writeFileSync(join(folder, "a.png"), "");
  first.note("a.png", [record]);
  first.note("gone.png", [record]);
  first.save();
  const second = drawnBefore(folder, look, false);
  expect(second.isDrawn("a.png", [record])).toBe(true);
  expect(second.isDrawn("a.png", [{ ...record, end: "2025-07-02T14:00:00Z" }])).toBe(false);
  expect(second.isDrawn("gone.png", [record])).toBe(false);
  expect(drawnBefore(folder, { ...look, theme: "dark" }, false).isDrawn("a.png", [record])).toBe(false);
  expect(drawnBefore(folder, look, true).isDrawn("a.png", [record])).toBe(false);
});

test("a damaged file of an earlier run means that everything is drawn", () => {
  for (const content of ["", "{", "[1]", "null", '{"a.png":5}']) {
    writeFileSync(join(folder, ".drawn.json"), content);
    expect(drawnBefore(folder, look, false).isDrawn("a.png", [record])).toBe(false);
  }
});

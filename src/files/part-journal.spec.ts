import { appendFileSync, existsSync, mkdtempSync, readFileSync, rmSync, truncateSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { openPartJournal } from "./part-journal.js";

let folder: string;
let path: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "parts-"));
  path = join(folder, "models", ".fleet.parts");
});
afterEach(() => rmSync(folder, { recursive: true }));

const RESULTS = [Float64Array.of(1, Number.NaN, 3), { epoch: 2, best: Float64Array.of(4) }, [5]];

function written(): void {
  const journal = openPartJournal(path, "abc");
  RESULTS.forEach((result, part) => {
    journal.keep(7, part, result);
  });
  journal.close();
}

describe("the journal of parts", () => {
  test("has what an earlier run kept, and goes on behind it", () => {
    written();
    const again = openPartJournal(path, "abc");
    expect(again.known).toBe(3);
    expect(RESULTS.map((_, part) => again.done(7, part))).toEqual(RESULTS);
    expect(again.done(7, 3)).toBeUndefined();
    again.keep(7, 3, "four");
    again.close();
    const third = openPartJournal(path, "abc");
    expect([third.known, third.done(7, 3)]).toEqual([4, "four"]);
    third.close();
  });

  test("begins again for another key, and where the file is something else", () => {
    written();
    const other = openPartJournal(path, "abd");
    expect(other.known).toBe(0);
    other.close();
    writeFileSync(path, "hello");
    const strange = openPartJournal(path, "abc");
    expect(strange.known).toBe(0);
    strange.close();
  });

  test("leaves out what was cut off or damaged, wherever a run was killed", () => {
    written();
    const { length } = readFileSync(path);
    for (const cut of [1, 30, length - "anomaly-parts-1 abc\n".length]) {
      written();
      truncateSync(path, length - cut);
      const journal = openPartJournal(path, "abc");
      expect(journal.known).toBeLessThan(3);
      journal.keep(9, 0, "after it");
      journal.close();
      const next = openPartJournal(path, "abc");
      expect(next.done(9, 0)).toBe("after it");
      next.remove();
      next.close();
    }
    written();
    appendFileSync(path, Buffer.alloc(40, 1));
    const journal = openPartJournal(path, "abc");
    expect(journal.known).toBe(3);
    journal.close();
    journal.remove();
    expect(existsSync(path)).toBe(false);
  });
});

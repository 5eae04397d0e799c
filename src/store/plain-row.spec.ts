import fc from "fast-check";
import { expect, test } from "vitest";
import { isPlainRow } from "./plain-row.js";
import { problemOf } from "./row-problem.js";
import { testEpisode } from "./testing/rows.js";

const change = { id: "c1", episode: "e1", at: "2025-07-01T10:00:00Z", change: "opened", was: null, now: "low" };

test("rows that runs write are plain, and rows of other tables are left to the schema", () => {
  expect([isPlainRow("episodes", testEpisode("e1")), isPlainRow("changes", change)]).toEqual([true, true]);
  expect(isPlainRow("verdicts", {})).toBe(false);
});

test("whatever is plain is what the schema takes, with any field replaced by anything", () => {
  const odd = fc.oneof(
    fc.anything(),
    fc.string(),
    fc.constantFrom(
      "",
      "\0",
      "\ud800",
      "a b",
      "x".repeat(1001),
      "2025-07-01",
      "2025-13-01T00:00:00Z",
      "low",
      "open",
      [],
      {},
      null,
      undefined,
    ),
  );
  for (const [table, row] of [
    ["episodes", testEpisode("e1")],
    ["changes", change],
  ] as const) {
    fc.assert(
      fc.property(fc.constantFrom(...Object.keys(row)), odd, (name, value) => {
        const made = { ...row, [name]: value };
        if (isPlainRow(table, made)) expect(problemOf(table, made)).toBeUndefined();
      }),
      { numRuns: 2000 },
    );
  }
});

import { expect } from "vitest";
import type { Ended } from "./place.js";

/** Words that only a slip of the program would show. */
const LEAKED = /internal error|undefined|NaN\b|\[object|TypeError|ReferenceError|\n\s+at |node:internal|ENOENT|EACCES/;

/**
 * Holds what every refusal owes its reader: the exit status, nothing on stdout, and exactly one line on stderr that
 * begins with `error: `, says what the pattern says, and shows neither the program's inside nor control characters.
 */
export function expectSentence(run: Ended, status: number, says: RegExp): void {
  expect(run.stderr).toMatch(says);
  expect(run.stdout).toBe("");
  expect({ status: run.status, lines: run.stderr.trimEnd().split("\n").length }).toEqual({ status, lines: 1 });
  expect(run.stderr).toMatch(/^error: \S/);
  expectCalm(run.stderr);
}

/** No stack, no slip, and nothing that a terminal would obey. */
export function expectCalm(stderr: string): void {
  expect(stderr).not.toMatch(LEAKED);
  expect(stderr).not.toMatch(/[\u0000-\u0008\u000b-\u001f\u007f-\u009f\ufffd]/);
}

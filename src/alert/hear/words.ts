import type { Verdict } from "../../store/verdicts.js";

export interface SaidVerdict {
  readonly verdict: Verdict;
  readonly note: string | null;
}

/** A verdict alone, or with a note behind a mark: what goes on as a sentence is talk. */
const SAID = /^\s*(false(?: alarm)?|real|true|expected)\s*(?:[:;,.!\n–—-]+\s*(.*))?$/is;
const LONGEST_NOTE = 1000;

/** The verdict that a reply begins with, such as `false: load test`; undefined of everything else. */
export function verdictIn(text: string): SaidVerdict | undefined {
  const found = SAID.exec(text);
  if (found === null) return undefined;
  const word = found[1].toLowerCase();
  const verdict = word.startsWith("false") ? "false" : word === "expected" ? "expected" : "true";
  const note = (found[2] ?? "").trim().slice(0, LONGEST_NOTE);
  return { verdict, note: note === "" ? null : note };
}

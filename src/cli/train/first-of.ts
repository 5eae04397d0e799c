import { count } from "../../wording/count.js";

/** Things that are named one by one; of more than that the first few and their number. */
const NAMED = 20;

/** The lines, or the first few of many and how many there are more. */
export function firstOf(lines: readonly string[], one: string, many?: string): readonly string[] {
  if (lines.length <= NAMED) return lines;
  return [...lines.slice(0, NAMED), `… and ${count(lines.length - NAMED, `more ${one}`, many && `more ${many}`)}`];
}

import { readFileSync } from "node:fs";
import { InputError } from "../errors/errors.js";

const DATE = /(?<![\d-])\d{4}-\d{2}-\d{2}(?![\d-])/;

/**
 * The dates of a file, one a line, such as a list of holidays or the CSV that Prophet takes (`holiday,ds`): the first `2026-12-25` of each line; lines
 * without one are headings. In order, each once.
 *
 * @throws InputError where the file cannot be read or has none.
 */
export function readDates(path: string): readonly string[] {
  let text: string;
  try {
    text = readFileSync(path, "utf8");
  } catch (cause) {
    throw new InputError("dates", `cannot read ${path}, the file of dates; check the path`, { cause });
  }
  const dates = text.split("\n").flatMap((line) => DATE.exec(line)?.[0] ?? []);
  if (dates.length > 0) return [...new Set(dates)].sort();
  throw new InputError("dates", `${path} has no dates; give one a line, as 2026-12-25`);
}

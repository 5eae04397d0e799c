import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { askedDetector } from "./asked-detector.js";
import { readDates } from "./dates-file.js";

const folder = mkdtempSync(join(tmpdir(), "dates-"));
const written = (text: string) => {
  const path = join(folder, "holidays.csv");
  writeFileSync(path, text);
  return path;
};
afterAll(() => rmSync(folder, { recursive: true }));

describe("a file of dates", () => {
  test.each([
    ["one a line, with comments", "# ours\n2026-12-26 second day\r\n2026-12-25\n\n2026-12-25\n"],
    [
      "as Prophet takes it",
      'holiday,ds,lower_window\n"Christmas Day",2026-12-25,0\nBoxing Day,2026-12-26 00:00:00,0\n',
    ],
  ])("%s: gives each once, in order", (_, text) => {
    expect(readDates(written(text))).toEqual(["2026-12-25", "2026-12-26"]);
  });

  test("without a date, or that is not there, is a sentence that names it", () => {
    expect(() => readDates(written("no 12026-12-25, nor 2026-12\n"))).toThrow(
      /holidays\.csv has no dates; give one a line/,
    );
    expect(() => readDates(join(folder, "none"))).toThrow(/cannot read .*none, the file of dates/);
  });

  test("gives the same detector as its dates on the command line", () => {
    const asked = (value: string) =>
      askedDetector({ detector: "prophet", set: [{ detector: "prophet", option: "holidays", value }] });
    expect(asked(`@${written("2026-12-26\n2026-12-25\n")}`)).toBe(asked("2026-12-25+2026-12-26"));
  });
});

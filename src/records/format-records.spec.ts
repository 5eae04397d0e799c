import { describe, expect, test } from "vitest";
import { csvCell } from "./format-records.js";

describe("csvCell", () => {
  test.each([
    ["=cmd|' /C calc'!A0", "\"'=cmd|' /C calc'!A0\""],
    ["+1+1", '"\'+1+1"'],
    ["-2+3", '"\'-2+3"'],
    ["@SUM(A1)", '"\'@SUM(A1)"'],
    ["\t=1", '"\'\t=1"'],
    ['="a"', '"\'=""a"""'],
  ])("keeps a spreadsheet from computing %j", (text, cell) => {
    expect(csvCell(text)).toBe(cell);
    expect(csvCell([text, "x"])).toBe(`${cell.slice(0, -1)}; x"`);
  });

  test.each([
    [-3.5, "-3.5"],
    ["-3.5", "-3.5"],
    ["+1e-7", "+1e-7"],
    ["a=b", "a=b"],
    [null, ""],
    [["a", "b"], "a; b"],
    [{ machine: "n1" }, '"{""machine"":""n1""}"'],
    ['say "hi", now', '"say ""hi"", now"'],
  ])("leaves %j what it is", (value, cell) => {
    expect(csvCell(value)).toBe(cell);
  });
});

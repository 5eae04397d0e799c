import { describe, expect, test } from "vitest";
import { progressText } from "../../cli/progress.js";
import { aligned } from "./aligned.js";

describe("figures for people", () => {
  test("columns stand under each other, figures to the right, no blanks at line ends", () => {
    expect(
      aligned(
        [
          ["kind", "found"],
          ["level_shift", "12"],
          ["spike", "3"],
        ],
        ["left", "right"],
      ),
    ).toEqual(["kind         found", "level_shift     12", "spike            3"]);
    expect(
      aligned([
        ["a", ""],
        ["bb", "c"],
      ]),
    ).toEqual(["a", "bb  c"]);
    expect(aligned([])).toEqual([]);
  });

  test("the moving line shows share and the rest of the time, once the pace is known", () => {
    const at = (done: number, elapsedMs: number) => progressText({ label: "reading", done, total: 100, elapsedMs });
    expect(at(25, 10_000)).toBe(`reading  ${"━".repeat(6)}${"╌".repeat(18)}  25%  30s left`);
    expect(at(25, 500)).not.toContain("left");
    expect(at(0, 10_000)).toContain("  0%");
    expect(at(100, 10_000)).toBe(`reading  ${"━".repeat(24)} 100%`);
    expect(progressText({ label: "x", done: 0, total: 0, elapsedMs: 0 })).toContain("  0%");
  });
});

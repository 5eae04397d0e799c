import { describe, expect, test } from "vitest";
import type { KnownSeries } from "../../model/model.js";
import { latenessUnitMs } from "./knobs.js";

const model = (unit: string | null, ...names: readonly string[]) => ({
  unit,
  // Only the name is looked at.
  series: names.map((name) => ({ name }) as KnownSeries),
});

describe("latenessUnitMs", () => {
  test.each([
    ["off", model("seconds", "n1.lag"), null],
    ["on", model("minutes", "n1.x"), 60_000],
    ["on", model(null, "n1.x"), 1000],
    ["auto", model("seconds", "n1.agg_length_behind", "n2.agg_length_behind"), 1000],
    ["auto", model("hours", "n1.lag", "n1.requests"), null],
    ["auto", model("ratio", "n1.lag"), null],
    ["auto", model(null, "n1.lag"), null],
    ["auto", model("seconds", "n1.flag"), null],
    ["auto", model("seconds"), null],
  ] as const)("%s for %o is %s", (mode, of, expected) => {
    expect(latenessUnitMs(mode, of)).toBe(expected);
  });
});

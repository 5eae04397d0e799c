import { describe, expect, test } from "vitest";
import { DAY_MS, HOUR_MS, MINUTE_MS, SECOND_MS } from "../../time/duration.js";
import { resolveOptions } from "../config/resolve.js";
import { knobsFrom } from "./knobs.js";

const knobs = async (...flags: readonly (readonly ["lateness" | "mergeGap", string])[]) => {
  const { options } = await resolveOptions(new Map(flags.map(([key, text]) => [key, [text]])), {}, "infer");
  return knobsFrom(options);
};

describe("knobsFrom", () => {
  test.each([
    ["off", null],
    ["ms", 1],
    ["seconds", SECOND_MS],
    ["minutes", MINUTE_MS],
    ["hours", HOUR_MS],
    ["days", DAY_MS],
  ])("--lateness %s counts a value as %s ms", async (unit, unitMs) => {
    expect((await knobs(["lateness", unit])).latenessUnitMs).toBe(unitMs);
  });

  test("without options values are no lags, and episodes an hour apart are one", async () => {
    expect(await knobs()).toMatchObject({ latenessUnitMs: null, mergeGapMs: HOUR_MS });
  });

  test("a unit that is none is refused with those that are", async () => {
    await expect(knobs(["lateness", "auto"])).rejects.toThrow(/off, ms, seconds, minutes, hours, days/);
  });
});

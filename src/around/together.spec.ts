import { describe, expect, test } from "vitest";
import { type Onset, togetherAt } from "./together.js";

const MINUTE = 60_000;
const background = { startMs: 0, windowMs: 120 * MINUTE, rate: 10 / (120 * MINUTE) };
const at = (minute: number, service = "web"): Onset => ({ timeMs: minute * MINUTE, labels: { service }, chance: 1e-9 });
/** Forty that begin in ten minutes. */
const burst = Array.from({ length: 40 }, (_, i) => at(40 + i / 4));

describe("the chance to belong to what moved together", () => {
  test("is near 1 inside a burst, high just before it, and nothing far from it", () => {
    const onsets = [...burst, at(39), at(5), at(100)];
    const chance = togetherAt(onsets, background);
    expect(chance(20, onsets[20].timeMs)).toBeGreaterThan(0.95);
    expect(chance(40, onsets[40].timeMs)).toBeGreaterThan(0.9);
    expect(chance(41, onsets[41].timeMs)).toBeLessThan(0.05);
    expect(chance(42, onsets[42].timeMs)).toBeLessThan(0.05);
  });

  test("is not raised for two that begin at once long before the others", () => {
    const onsets = [...burst, at(10), at(10), at(10)];
    const chance = togetherAt(onsets, background);
    for (const index of [40, 41, 42]) expect(chance(index, onsets[index].timeMs)).toBeLessThan(0.05);
  });

  test("is higher for those with the label that most have, and for those as rare as most are", () => {
    const onsets = [...burst, at(37), at(37, "mail")];
    const group = {
      of: { label: "service", value: "web", moved: 40, all: 500, false_share: 0 },
      moved: 40,
      all: 10_000,
    };
    const byLabel = togetherAt(onsets, background, { group, ofChance: () => 1 });
    expect(byLabel(40, 37 * MINUTE)).toBeGreaterThan(byLabel(41, 37 * MINUTE));
    const common = togetherAt(onsets, background, { ofChance: () => 0.1 });
    expect(common(40, 37 * MINUTE)).toBeLessThan(togetherAt(onsets, background)(40, 37 * MINUTE));
  });

  test("of one alone is 0", () => {
    expect(togetherAt([at(30)], background)(0, 30 * MINUTE)).toBe(0);
  });
});

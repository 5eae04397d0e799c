import { describe, expect, test } from "vitest";
import { belongingOf, type InCommon, type Onset, togetherAt } from "./together.js";

const MINUTE = 60_000;
const background = { startMs: 0, windowMs: 120 * MINUTE, rate: 10 / (120 * MINUTE) };
const at = (minute: number, service = "web"): Onset => ({ timeMs: minute * MINUTE, labels: { service }, chance: 1e-9 });
/** Forty that begin in ten minutes. */
const burst = Array.from({ length: 40 }, (_, i) => at(40 + i / 4));

/** The chance to belong to the others, of one whose onset is known. */
function chanceAt(onsets: readonly Onset[], common?: InCommon) {
  const at = togetherAt(onsets, background, common);
  return (index: number, timeMs: number) => at(index, timeMs) / (at(index, timeMs) + background.rate);
}

describe("the chance to belong to what moved together", () => {
  test("is near 1 inside a burst, high just before it, and nothing far from it", () => {
    const onsets = [...burst, at(39), at(5), at(100)];
    const chance = chanceAt(onsets);
    expect(chance(20, onsets[20].timeMs)).toBeGreaterThan(0.95);
    expect(chance(40, onsets[40].timeMs)).toBeGreaterThan(0.9);
    expect(chance(41, onsets[41].timeMs)).toBeLessThan(0.05);
    expect(chance(42, onsets[42].timeMs)).toBeLessThan(0.05);
  });

  test("is not raised for two that begin at once long before the others", () => {
    const onsets = [...burst, at(10), at(10), at(10)];
    const chance = chanceAt(onsets);
    for (const index of [40, 41, 42]) expect(chance(index, onsets[index].timeMs)).toBeLessThan(0.05);
  });

  test("is higher for those with the label that most have, and for those as rare as most are", () => {
    const onsets = [...burst, at(37), at(37, "mail")];
    const group = {
      of: { label: "service", value: "web", moved: 40, all: 500, false_share: 0 },
      moved: 40,
      all: 10_000,
    };
    const byLabel = chanceAt(onsets, { group, ofChance: () => 1 });
    expect(byLabel(40, 37 * MINUTE)).toBeGreaterThan(byLabel(41, 37 * MINUTE));
    const common = chanceAt(onsets, { ofChance: () => 0.1 });
    expect(common(40, 37 * MINUTE)).toBeLessThan(chanceAt(onsets)(40, 37 * MINUTE));
  });

  test("of one alone is 0", () => {
    expect(chanceAt([at(30)])(0, 30 * MINUTE)).toBe(0);
  });
});

describe("when one began that may belong to what moved together", () => {
  const rate = 1;
  const densityOf = (timeMs: number) => [0, 0, 0, 99, 9][timeMs / MINUTE];
  const of = (chances: readonly number[]) =>
    belongingOf({ startMs: 0, stepMs: MINUTE, chances: Float64Array.from(chances) }, densityOf, rate).chances;

  test("is drawn to where many begin, if its own begin is vague, and by Bayes' rule", () => {
    const chances = of([0, 0, 0.25, 0.25, 0.5]);
    // 0.25 × 99 and 0.5 × 9, of those and of the rate.
    expect([...chances]).toEqual([0, 0, 0, 24.75 / 30.25, 4.5 / 30.25].map((chance) => expect.closeTo(chance, 12)));
  });

  test("is where its own begin is sharp", () => {
    expect(of([0, 0, 0, 0, 1])[4]).toBeCloseTo(0.9, 12);
  });

  test("is never the first slot, before which nothing is known", () => {
    expect([
      ...belongingOf({ startMs: 0, stepMs: MINUTE, chances: Float64Array.of(1, 0) }, () => 9, rate).chances,
    ]).toEqual([0, 0]);
  });
});

import { expect, test } from "vitest";
import { normal, seededRandom } from "../math/random.js";
import { chanceBy } from "./chance.js";
import { longestSilence, silenceChance } from "./silence.js";

test("of an exponential sample is e to the minus value, also beyond the largest that was seen", () => {
  const random = seededRandom(3);
  const sample = Float64Array.from({ length: 20_000 }, () => -Math.log(1 - random())).sort();
  const chance = chanceBy(sample);
  for (const value of [0.5, 1, 3, 5, 8, 12]) {
    // The tail is continued from quantiles, each known to a few per cent; that grows with the distance.
    expect(Math.abs(Math.log(chance(value)) + value)).toBeLessThan(0.05 + 0.12 * value);
  }
});

test("a few incidents in the sample do not make incidents ordinary", () => {
  const random = seededRandom(4);
  const clean = Float64Array.from({ length: 5000 }, () => normal(random)).sort();
  const with20 = Float64Array.from([...clean.slice(20), ...new Array<number>(20).fill(30)]).sort();
  expect(chanceBy(with20)(30)).toBeLessThan(1e-6);
});

test("of nothing known everything is possible, and NaN is no finding", () => {
  expect(chanceBy(new Float64Array(0))(5)).toBe(1);
  expect(chanceBy(Float64Array.of(1, 2, 3))(Number.NaN)).toBe(1);
  expect(chanceBy(new Float64Array(100))(1)).toBeCloseTo(1 / 101, 12);
});

test("a silence is rarer the longer it is, and nothing new where an earlier day had one half as long", () => {
  const full = new Float64Array(360).fill(1);
  const gappy = full.slice().fill(Number.NaN, 50, 80);
  const of = (length: number) => ({ from: 10, until: 10 + length });
  expect(silenceChance(of(5), [full, full, full], 120)).toBeGreaterThan(silenceChance(of(20), [full, full, full], 120));
  expect(silenceChance(of(30), [full, full, full], 120)).toBeLessThan(1e-8);
  expect(silenceChance(of(30), [full, gappy, full], 120)).toBe(1);
  expect(silenceChance(of(0), [full], 120)).toBe(1);
});

test("the longest silence is found at either end too", () => {
  const { NaN: none } = Number;
  expect(longestSilence(Float64Array.of(none, none, 1, none))).toEqual({ from: 0, until: 2 });
  expect(longestSilence(Float64Array.of(1, none, none))).toEqual({ from: 1, until: 3 });
  expect(longestSilence(Float64Array.of(1, 2))).toEqual({ from: 0, until: 0 });
});

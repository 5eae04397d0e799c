import { describe, expect, test } from "vitest";
import { normal, seededRandom } from "./random.js";

describe("seededRandom", () => {
  test("the same seed gives the same stream, another seed another", () => {
    const draw = (seed: number) => Array.from({ length: 5 }, seededRandom(seed));
    expect(draw(7)).toEqual(draw(7));
    expect(draw(7)).not.toEqual(draw(8));
  });

  test("is uniform: every tenth of [0, 1) gets a tenth of 100,000 draws within five standard errors", () => {
    const random = seededRandom(3);
    const tenths = new Array<number>(10).fill(0);
    for (let i = 0; i < 100_000; i++) tenths[Math.floor(random() * 10)]++;
    // sqrt(100000 · 0.1 · 0.9) ≈ 95
    for (const count of tenths) expect(Math.abs(count - 10_000)).toBeLessThan(5 * 95);
  });

  test("normal has mean 0, deviation 1 and 4.55 % beyond two deviations", () => {
    const random = seededRandom(5);
    const draws = Array.from({ length: 100_000 }, () => normal(random));
    const mean = draws.reduce((a, b) => a + b) / draws.length;
    const deviation = Math.sqrt(draws.reduce((sum, x) => sum + (x - mean) ** 2, 0) / draws.length);
    expect(Math.abs(mean)).toBeLessThan(0.02);
    expect(Math.abs(deviation - 1)).toBeLessThan(0.02);
    // scipy: 2 * norm.sf(2) = 0.0455
    expect(draws.filter((x) => Math.abs(x) > 2).length / draws.length).toBeCloseTo(0.0455, 2);
  });
});

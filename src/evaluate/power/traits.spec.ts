import { describe, expect, test } from "vitest";
import { normal, seededRandom } from "../../math/random.js";
import { characterOf } from "./traits.js";

const SLOTS = 2000;
const day = (i: number) => 10 + 3 * Math.sin((i * 2 * Math.PI) / 144);
function series(valueAt: (i: number, random: () => number) => number): Float64Array {
  const random = seededRandom(5);
  return Float64Array.from({ length: SLOTS }, (_, i) => valueAt(i, random));
}

describe("characterOf", () => {
  test.each([
    ["steady", series((i, random) => day(i) + 0.1 * normal(random))],
    ["noisy", series((_, random) => 10 + 2 * normal(random))],
    ["spiky", series((i, random) => (i % 400 === 7 ? 500 : day(i) + 0.1 * normal(random)))],
    ["sparse", series((i) => (i % 3 === 0 ? day(i) : Number.NaN))],
    ["sparse", series((i) => (i % 3 === 0 ? day(i) : 0))],
    ["constant", series((i) => (i < 1000 ? 4 : 5))],
    ["constant", series(() => 0)],
  ])("calls it %s", (trait, values) => {
    expect(characterOf(values).trait).toBe(trait);
  });

  test("sizes are counted in the robust spread, of a constant in hundredths of its level, of nothing in ones", () => {
    const { level, spread } = characterOf(series((_, random) => 10 + 2 * normal(random)));
    expect(level).toBeCloseTo(10, 0);
    expect(spread).toBeCloseTo(2, 0);
    expect(characterOf(series(() => 400))).toEqual({ trait: "constant", level: 400, spread: 4 });
    expect(characterOf(series(() => Number.NaN))).toMatchObject({ level: 0, spread: 1 });
  });
});

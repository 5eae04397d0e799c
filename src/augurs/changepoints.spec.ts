import { describe, expect, test } from "vitest";
import { normal, seededRandom } from "../math/random.js";
import { changepoints } from "./changepoints.js";

function noise(length: number, levelAt: (i: number) => number): Float64Array {
  const random = seededRandom(5);
  return Float64Array.from({ length }, (_, i) => levelAt(i) + normal(random));
}

describe("changepoints", () => {
  test("finds where the level of noise moved by four deviations, to two values", () => {
    const found = changepoints(noise(144, (i) => (i < 100 ? 3 : 7)));
    expect(found).toHaveLength(1);
    expect(Math.abs(found[0] - 100)).toBeLessThanOrEqual(2);
  });

  test("finds nothing in noise, whatever its unit", () => {
    for (const unit of [1e-9, 1, 1e12]) expect(changepoints(noise(144, () => 0).map((v) => v * unit))).toEqual([]);
  });

  test("counts indices with the missing values among them", () => {
    const values = noise(144, (i) => (i < 100 ? 3 : 9)).map((value, i) => (i % 3 === 1 ? Number.NaN : value));
    expect(Math.abs(changepoints(values)[0] - 100)).toBeLessThanOrEqual(3);
  });

  test.each([
    ["empty", []],
    ["one point", [5]],
    ["constant", new Array(50).fill(5)],
    ["all NaN", new Array(50).fill(Number.NaN)],
    ["infinite", new Array(50).fill(Number.POSITIVE_INFINITY)],
  ])("finds nothing in %s", (_, values) => {
    expect(changepoints(Float64Array.from(values))).toEqual([]);
  });

  test("one wild value is a level that ends with it, however wild", () => {
    const values = noise(144, () => 0);
    values[100] = 1e9;
    expect(changepoints(values)).toEqual([100, 101]);
  });
});

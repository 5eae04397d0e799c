import { describe, expect, test } from "vitest";
import { mstl } from "./mstl.js";

const at = (i: number) =>
  100 + 30 * Math.sin((2 * Math.PI * i) / 48) + 10 * Math.sin((2 * Math.PI * i) / 336) + 0.01 * i;

describe("MSTL", () => {
  test("goes on with what values without noise are made of", () => {
    const found = mstl(
      Float64Array.from({ length: 1200 }, (_, i) => at(i)),
      [48, 336],
      48,
    );
    found?.forecast.forEach((value, i) => {
      expect(Math.abs(value - at(1200 + i))).toBeLessThan(1.5);
    });
    expect(found?.fitted).toHaveLength(1200);
  });

  test("fills what is missing, at the edges too", () => {
    const values = Float64Array.from({ length: 1200 }, (_, i) =>
      i < 5 || i > 1195 || (i > 600 && i < 640) ? Number.NaN : at(i),
    );
    const found = mstl(values, [48], 48);
    expect(found?.forecast.every(Number.isFinite)).toBe(true);
  });

  test.each([
    ["a constant", () => 5, 500],
    ["no value at all", () => Number.NaN, 500],
    ["less than two periods", at, 90],
    ["mostly gaps", (i: number) => (i % 3 === 0 ? i : Number.NaN), 500],
  ])("says nothing of %s, and is still usable after it", (_, of, length) => {
    expect(
      mstl(
        Float64Array.from({ length }, (_, i) => of(i)),
        [48],
        10,
      ),
    ).toBeUndefined();
    expect(
      mstl(
        Float64Array.from({ length: 500 }, (_, i) => at(i)),
        [48],
        10,
      ),
    ).toBeDefined();
  });
});

import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { agreement, type Moving, passingBetween, passingRange } from "./passing.js";

const norm = (value: number, v: number, parts: readonly Moving[]) =>
  agreement(parts.map(({ deviation, slope, limit }) => Math.abs(deviation + slope * (v - value)) / limit));

describe("agreement", () => {
  test("is the 8-norm, and leaves out what is not known", () => {
    expect(agreement([1, 2, Number.NaN, 0.5])).toBeCloseTo((1 + 2 ** 8 + 0.5 ** 8) ** (1 / 8), 12);
    expect(agreement([Number.NaN])).toBeNaN();
  });
});

describe("passingRange", () => {
  test("one part passes up to its limit on both sides", () => {
    const range = passingRange(20, [{ deviation: 8, slope: 1, limit: 3 }]);
    expect(range?.low).toBeCloseTo(9, 9);
    expect(range?.high).toBeCloseTo(15, 9);
  });

  test("inside of the range the norm is below 1 and outside it is not, for any parts; without a range it is nowhere", () => {
    const part = fc.record({
      deviation: fc.double({ min: -50, max: 50, noNaN: true }),
      slope: fc.constantFrom(1, 0.5, 0.25, 0.125),
      limit: fc.double({ min: 0.1, max: 40, noNaN: true }),
    });
    fc.assert(
      fc.property(
        fc.array(part, { minLength: 1, maxLength: 7 }),
        fc.integer({ min: -100, max: 100 }),
        (parts, value) => {
          const range = passingRange(value, parts);
          if (range === null) {
            for (let v = -1000; v <= 1000; v += 0.5) expect(norm(value, v, parts)).toBeGreaterThanOrEqual(1 - 1e-3);
            return;
          }
          const { low, high } = range;
          const width = high - low;
          expect(norm(value, low + 1e-6 * width, parts)).toBeLessThanOrEqual(1);
          expect(norm(value, high - 1e-6 * width, parts)).toBeLessThanOrEqual(1);
          expect(norm(value, low - 1e-3, parts)).toBeGreaterThanOrEqual(1);
          expect(norm(value, high + 1e-3, parts)).toBeGreaterThanOrEqual(1);
        },
      ),
    );
  });

  test("without a part that is known there is no range", () => {
    expect(passingRange(5, [])).toBeNull();
    expect(passingRange(Number.NaN, [{ deviation: Number.NaN, slope: 1, limit: 1 }])).toBeNull();
  });
});

describe("passingBetween", () => {
  const parts = [
    { deviation: 8, slope: 1, limit: 3 },
    { deviation: 7, slope: 1, limit: 4 },
  ];

  test("each side has the edge of its own limits", () => {
    const range = passingBetween(20, parts, { expected: 12, above: 2, below: 1 });
    expect(range?.high).toBe(
      passingRange(
        20,
        parts.map((part) => ({ ...part, limit: 2 * part.limit })),
      )?.high,
    );
    expect(range?.low).toBe(passingRange(20, parts)?.low);
  });

  test("values that pass on one side only end at the expected one", () => {
    const above = [{ deviation: 5, slope: 1, limit: 2 }];
    expect(passingBetween(20, above, { expected: 18, above: 1, below: 1 })?.high).toBeLessThanOrEqual(18);
    expect(passingBetween(20, [], { expected: 18, above: 1, below: 1 })).toBeNull();
  });
});

import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { quantileSorted, sortedFinite } from "./quantile.js";
import { normal, seededRandom } from "./random.js";
import { tailQuantile } from "./tail.js";

function exponential(count: number, seed: number): Float64Array {
  const random = seededRandom(seed);
  return sortedFinite(Float64Array.from({ length: count }, () => -Math.log(1 - random())));
}

describe("tailQuantile", () => {
  test("is the sample's quantile inside the body", () => {
    const sample = exponential(500, 1);
    for (const p of [0.1, 0.5, 0.9, 0.95]) expect(tailQuantile(sample, p)).toBe(quantileSorted(sample, p));
  });

  test("finds the quantile of an exponential sample beyond what the sample holds", () => {
    // The true quantile of a unit exponential is −ln(1 − p): 9.21 at p = 0.9999; 2,000 values alone cannot show it.
    const found = [1, 2, 3, 4, 5, 6, 7, 8, 9].map((seed) => tailQuantile(exponential(2000, seed), 0.9999));
    expect(quantileSorted(found.sort(), 0.5)).toBeGreaterThan(7.5);
    expect(quantileSorted(found, 0.5)).toBeLessThan(11.5);
  });

  test("two per cent of incidents a hundred times as large raise it no more than to about twice what is ordinary", () => {
    const random = seededRandom(4);
    const ordinary = Float64Array.from({ length: 2000 }, () => Math.abs(normal(random)));
    const withIncidents = ordinary.map((value, i) => (i % 50 === 0 ? 100 : value));
    const clean = tailQuantile(sortedFinite(ordinary), 0.99);
    expect(quantileSorted(sortedFinite(withIncidents), 0.99)).toBe(100);
    expect(tailQuantile(sortedFinite(withIncidents), 0.99)).toBeLessThan(2.6 * clean);
  });

  test.each([
    ["no values", [], Number.NaN],
    ["one value", [3], 3],
    ["all equal", [2, 2, 2, 2], 2],
    ["all zero", [0, 0, 0], 0],
  ])("%s", (_, values, expected) => {
    expect(tailQuantile(values, 0.99)).toBe(expected);
  });

  test("never falls as p grows", () => {
    const p = fc.double({ min: 0, max: 0.9999, noNaN: true });
    fc.assert(
      fc.property(
        fc.array(fc.double({ min: 0, max: 100, noNaN: true }), { minLength: 1, maxLength: 60 }),
        p,
        p,
        (xs, a, b) => {
          const sorted = sortedFinite(xs);
          const [low, high] = a < b ? [a, b] : [b, a];
          expect(tailQuantile(sorted, low)).toBeLessThanOrEqual(tailQuantile(sorted, high) + 1e-9);
        },
      ),
    );
  });
});

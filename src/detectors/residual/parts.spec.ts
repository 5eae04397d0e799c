import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { TrailingQuantile } from "../machine/trailing-quantile.js";
import { SeasonRing } from "./season-ring.js";

function plainMedian(values: readonly number[]): number {
  const sorted = values.filter((v) => v === v).sort((a, b) => a - b);
  const half = sorted.length >> 1;
  if (sorted.length === 0) return Number.NaN;
  return sorted.length & 1 ? sorted[half] : (sorted[half - 1] + sorted[half]) / 2;
}

describe("TrailingQuantile", () => {
  test("is within its bin (4.4 %) of the rank-floor quantile of the newest sizes", () => {
    const size = fc.double({ min: 1e-6, max: 1e6, noNaN: true });
    fc.assert(
      fc.property(
        fc.array(size, { minLength: 3, maxLength: 80 }),
        fc.double({ min: 0, max: 1, noNaN: true }),
        (sizes, q) => {
          const trailing = new TrailingQuantile(20, q, 1, 1);
          for (const s of sizes) trailing.push(-s);
          const newest = sizes.slice(-20).sort((a, b) => a - b);
          const exact = newest[Math.floor(q * (newest.length - 1))];
          expect(Math.abs(Math.log2(trailing.value / exact))).toBeLessThanOrEqual(0.5 / 16 + 2e-6);
        },
      ),
    );
  });

  test("counted in another unit it reads as if all sizes had been pushed in that, within a bin", () => {
    for (const times of [1e-9, 0.7, 3, 2 ** 20]) {
      const [before, after] = [new TrailingQuantile(50, 0.6, 1, 1), new TrailingQuantile(50, 0.6, 1, 1)];
      for (let i = 0; i < 60; i++) {
        const size = i % 7 === 0 ? 0 : i % 11 === 0 ? Number.NaN : 1 + (i % 13);
        before.push(size);
        after.push(size * times);
      }
      before.multiply(times);
      expect(Math.abs(Math.log2(before.value / after.value))).toBeLessThanOrEqual(1 / 16 + 1e-9);
      before.push(5 * times);
      after.push(5 * times);
      expect(Math.abs(Math.log2(before.value / after.value))).toBeLessThanOrEqual(1 / 16 + 1e-9);
    }
  });

  test("says nothing before it has seen enough, and zero is zero", () => {
    const trailing = new TrailingQuantile(10, 0.5, 3, 1);
    trailing.push(0);
    trailing.push(Number.NaN);
    trailing.push(0);
    expect(trailing.value).toBeNaN();
    trailing.push(0);
    expect(trailing.value).toBe(0);
  });
});

describe("SeasonRing", () => {
  test("is the median over the days of the medians of five around the time", () => {
    const stepMs = 3_600_000;
    const ring = new SeasonRing(stepMs, [1, 2, 3]);
    const start = 480_000;
    const values = Array.from({ length: 100 }, (_, i) => Math.sin(i * 1.7) * 10);
    values.forEach((v, i) => {
      const aroundDaysAgo = [24, 48, 72].map((lag) => plainMedian(values.slice(i - lag - 2, i - lag + 3)));
      if (i < 22) expect(ring.at(start + i)).toBeNaN();
      // Kept to seven digits of the difference from the first value.
      if (i >= 76) expect(ring.at(start + i)).toBeCloseTo(plainMedian(aroundDaysAgo), 5);
      ring.push(start + i, v);
    });
  });

  test("by a clock that is set forward the slots between are empty, and by one that is set back the later pass stays", () => {
    const ring = new SeasonRing(3_600_000, [1]);
    for (let slot = 100; slot < 110; slot++) ring.push(slot, slot);
    // Forward: 110 and 111 never are.
    for (let slot = 112; slot < 120; slot++) ring.push(slot, slot);
    expect(ring.at(109 + 24)).toBe(108);
    expect(ring.at(111 + 24)).toBe(112);
    // Back by two: 118 and 119 come again.
    for (let slot = 118; slot < 124; slot++) ring.push(slot, 1000 + slot);
    expect(ring.at(120 + 24)).toBe(1120);
    expect(ring.at(113 + 24)).toBe(113.5);
  });

  test("far from zero a season is as close as near it", () => {
    const [near, far] = [new SeasonRing(3_600_000, [1]), new SeasonRing(3_600_000, [1])];
    for (let slot = 0; slot < 200; slot++) {
      const value = Math.sin(slot * 1.7);
      if (slot > 30) expect(far.at(1000 + slot) - 2e9).toBeCloseTo(near.at(1000 + slot), 5);
      near.push(1000 + slot, value);
      far.push(1000 + slot, 2e9 + value);
    }
  });
});

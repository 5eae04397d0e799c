import { describe, expect, test } from "vitest";
import type { FittedDetector } from "../detector.js";
import { LARGEST_SCORE, resolutionOf } from "../finite.js";
import { scoreAll } from "./contract.js";
import { wave } from "./wave.js";

/** Every detector promises that nothing overflows, and that no limit is finer than values are. */
export function describeFinite(name: string, open: () => FittedDetector): void {
  describe(`scores and limits are finite: ${name}`, () => {
    const detector = open();
    const ordinary = () => wave(8, 34, detector.stepMs).values;

    test.each([1e308, -1e308, Number.MAX_VALUE])(
      "%d in an ordinary series is as anomalous as can be, not 0",
      (value) => {
        const values = ordinary();
        const at = values.length - 5;
        values[at] = value;
        const slot = scoreAll(detector, values)[at];
        expect(slot.score).toBe(LARGEST_SCORE);
        expect(Number.isFinite(slot.lower) && Number.isFinite(slot.upper)).toBe(true);
      },
    );

    test("a series that swings between the largest numbers has finite scores and limits", () => {
      const values = ordinary().map((value, i) => (i % 7 === 0 ? -1.7e308 : 1.7e308) * (value > 10 ? 1 : 0.9));
      for (const { score, lower, upper, warming } of scoreAll(detector, values)) {
        if (warming) continue;
        expect(score).toBeGreaterThanOrEqual(0);
        expect(score).toBeLessThanOrEqual(LARGEST_SCORE);
        expect(Number.isFinite(lower) && Number.isFinite(upper)).toBe(true);
      }
    });

    test.each([0, 42, 1e12, -3e-200])("a constant series of %d has limits that values can differ from", (constant) => {
      const values = ordinary().fill(constant);
      const { lower, upper, score } = scoreAll(detector, values)[values.length - 1];
      expect(upper - lower).toBeGreaterThanOrEqual(resolutionOf(constant));
      expect(Number.isFinite(score)).toBe(true);
    });

    test("a constant series that leaves its value is an alarm of a finite, capped score", () => {
      const values = ordinary().fill(42);
      values.fill(4200, values.length - 3);
      const { score } = scoreAll(detector, values)[values.length - 3];
      expect(score).toBeGreaterThan(2);
      expect(score).toBeLessThanOrEqual(LARGEST_SCORE);
    });
  });
}

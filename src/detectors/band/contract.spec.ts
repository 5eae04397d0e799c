import { describe, expect, test } from "vitest";
import { EMPTY_INVENTORY } from "../../series/inventory.js";
import { HOUR_MS, MINUTE_MS } from "../../time/duration.js";
import { loadDetector } from "../registry.js";
import { describeDetector, scoreAll } from "../testing/contract.js";
import { describeFinite } from "../testing/contract-finite.js";

const STEPS_MIN = [1, 5, 20, 60];
const NAMES = [
  ...["dynamics", "dynamics:band=mean", "dynamics:band=quantile", "funnel", "zscore", "mad", "holtwinters", "stl"],
  "boosted",
  "prophet",
];
/** Of hours, a week is too few rows for trees to learn the day from. */
const WITHOUT_SEASON = ["zscore", "mad", "boosted"];

for (const name of NAMES) {
  const detector = await loadDetector(name);
  const opened = (step: number) =>
    detector.open(null, EMPTY_INVENTORY, {
      stepMs: step * MINUTE_MS,
      timezone: step === 20 ? "Europe/Berlin" : "UTC",
      silenceAfterMs: 2 * HOUR_MS,
      divisor: 1,
    });
  describe(name, () => {
    for (const step of STEPS_MIN) {
      describeDetector(`${name}, ${step} min`, () => opened(step), !WITHOUT_SEASON.includes(name) || step < 60);
    }
    describeFinite(name, () => opened(20));

    test("a series that rests at one value is warming until enough of its rare ones were seen, never normal", () => {
      const values = Float64Array.from({ length: 4 * 72 }, (_, i) => (i % 9 === 0 ? 5 : 0));
      const slots = scoreAll(opened(20), values);
      for (const { warming, expected, score } of slots.slice(72, 140)) {
        expect([warming, expected, score]).toEqual([true, Number.NaN, Number.NaN]);
      }
      expect(slots.slice(3 * 72).every(({ warming, upper }) => !warming && upper > 5)).toBe(true);
    });
  });
}

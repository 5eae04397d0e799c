import { describe } from "vitest";
import { EMPTY_INVENTORY } from "../../series/inventory.js";
import { HOUR_MS, MINUTE_MS } from "../../time/duration.js";
import { loadDetector } from "../registry.js";
import { describeDetector } from "../testing/contract.js";

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
  describe(name, () => {
    for (const step of STEPS_MIN) {
      describeDetector(
        `${name}, ${step} min`,
        () =>
          detector.open(null, EMPTY_INVENTORY, {
            stepMs: step * MINUTE_MS,
            timezone: step === 20 ? "Europe/Berlin" : "UTC",
            silenceAfterMs: 2 * HOUR_MS,
            divisor: 1,
          }),
        !WITHOUT_SEASON.includes(name) || step < 60,
      );
    }
  });
}

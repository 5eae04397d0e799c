import { expect, test } from "vitest";
import { seededRandom } from "../../math/random.js";
import { DAY_MS, HOUR_MS } from "../../time/duration.js";
import { RefitForecaster } from "./refit-forecaster.js";

/** Forecasts zero, of values whose errors lean to one side: the square of a uniform number, less a tenth. */
function heldShare(interval: number): { readonly held: number; readonly below: number; readonly above: number } {
  const forecaster = new RefitForecaster(HOUR_MS, {
    words: "value against zero",
    historyMs: 7 * DAY_MS,
    everyMs: DAY_MS,
    leastMs: DAY_MS,
    gridMs: HOUR_MS,
    interval,
    fit: (_, slots) => new Float64Array(slots),
  });
  const random = seededRandom(3);
  const [days, warmUp] = [400, 40];
  let held = 0;
  for (let slot = 0; slot < days * 24; slot++) {
    const value = random() ** 2 - 0.1;
    forecaster.look(slot * HOUR_MS);
    if (slot >= warmUp * 24 && value >= -forecaster.below && value <= forecaster.above) held++;
    forecaster.learn(slot * HOUR_MS, value);
  }
  return { held: held / ((days - warmUp) * 24), below: forecaster.below, above: forecaster.above };
}

test.each([0.5, 0.8, 0.95])(
  "a band of the interval %d holds that share of errors it has not seen, each side by its own",
  (interval) => {
    const { held, below, above } = heldShare(interval);
    expect(Math.abs(held - interval)).toBeLessThan(0.02);
    expect(above).toBeGreaterThan(below);
  },
);

test("without an interval both sides are the usual distance", () => {
  const { below, above } = heldShare(0);
  expect(above).toBe(below);
});

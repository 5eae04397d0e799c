import { describe, expect, test } from "vitest";
import { normal, seededRandom } from "../../math/random.js";
import { profileSeries } from "./profile.js";

const DAY_SLOTS = 72;

/** Days of noise around 10, with gaps of one to three slots here and there. */
function noisy(days: number, seed = 1): Float64Array {
  const random = seededRandom(seed);
  const values = Float64Array.from({ length: days * DAY_SLOTS }, () => 10 + normal(random));
  for (let at = 40; at < values.length; at += 97) values.fill(Number.NaN, at, at + 1 + (at % 3));
  return values;
}

describe("profileSeries", () => {
  test("twice the longest ordinary gap is a silence", () => {
    expect(profileSeries(noisy(30)).silenceSlots).toBe(6);
  });

  test.each([10, 30, 60, 90])("an outage of half a day in %i days does not make the next one ordinary", (days) => {
    const values = noisy(days);
    values.fill(Number.NaN, values.length - 40, values.length - 4);
    expect(profileSeries(values).silenceSlots).toBe(6);
    const frozen = noisy(days);
    frozen.fill(7, frozen.length - 40, frozen.length - 4);
    expect(profileSeries(frozen).stallSlots).toBe(6);
  });

  test("gaps that come back every week are ordinary", () => {
    const values = noisy(60);
    for (let day = 5; day < 60; day += 7) values.fill(Number.NaN, day * DAY_SLOTS, day * DAY_SLOTS + 36);
    expect(profileSeries(values).silenceSlots).toBe(72);
  });

  test("a constant series and one without values have a spread to divide by", () => {
    expect(profileSeries(new Float64Array(500).fill(5)).spread).toBeGreaterThan(0);
    expect(profileSeries(new Float64Array(500))).toMatchObject({ location: 0, zeroSlots: Number.POSITIVE_INFINITY });
    expect(profileSeries(new Float64Array(500).fill(Number.NaN))).toMatchObject({ location: 0, spread: 1 });
    expect(profileSeries(new Float64Array(0))).toMatchObject({ location: 0, coverage: 0, silenceSlots: 3 });
  });
});

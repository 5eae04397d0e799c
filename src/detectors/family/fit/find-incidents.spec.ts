import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { normal, seededRandom } from "../../../math/random.js";
import { findIncidents, isRare } from "./find-incidents.js";

const STEP_MS = 20 * 60_000;
const DAY_SLOTS = 72;

function noise(days: number, seed: number): Float64Array {
  const random = seededRandom(seed);
  return Float64Array.from({ length: days * DAY_SLOTS }, () => 0.5 * normal(random));
}

describe("findIncidents", () => {
  test("finds an hour that is far out, from its first slot to its last", () => {
    const distances = noise(6, 1).fill(9, 100, 103);
    expect(findIncidents(distances, STEP_MS)).toEqual([{ from: 100, until: 103 }]);
  });

  test("finds nothing in ordinary noise with single wild slots, whatever the seed", () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 1e6 }), fc.integer({ min: 3, max: 400 }), (seed, at) => {
        const distances = noise(6, seed);
        distances[at] = 40;
        distances[at + 20] = -40;
        expect(findIncidents(distances, STEP_MS)).toEqual([]);
      }),
    );
  });

  test("an incident of half a day in two does not hide itself", () => {
    const distances = noise(2, 2).fill(-6, 60, 96);
    expect(findIncidents(distances, STEP_MS)).toEqual([{ from: 60, until: 96 }]);
  });

  test("the swing back after an incident is a stretch of its own", () => {
    const distances = noise(6, 3).fill(9, 100, 136).fill(-6, 136, 150);
    expect(findIncidents(distances, STEP_MS)).toEqual([
      { from: 100, until: 136 },
      { from: 136, until: 150 },
    ]);
  });

  test("missing slots inside belong to it, and nothing but missing slots is nothing", () => {
    const distances = noise(6, 4).fill(9, 100, 112);
    distances.fill(Number.NaN, 105, 107);
    expect(findIncidents(distances, STEP_MS)).toEqual([{ from: 100, until: 112 }]);
    expect(findIncidents(new Float64Array(500).fill(Number.NaN), STEP_MS)).toEqual([]);
    expect(findIncidents([], STEP_MS)).toEqual([]);
    expect(findIncidents([7], STEP_MS)).toEqual([]);
    expect(findIncidents(new Float64Array(500), STEP_MS)).toEqual([]);
  });
});

describe("isRare", () => {
  const HOUR = 3_600_000;
  test.each([
    [2, 10, true],
    [2, 25, false],
    [28, 67, true],
    [28, 68, false],
  ])("of %i days %i hours: %s", (days, hours, rare) => {
    expect(isRare([{ startMs: 0, endMs: hours * HOUR }], days * 24 * HOUR)).toBe(rare);
  });
});

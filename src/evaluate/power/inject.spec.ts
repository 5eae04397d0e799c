import { describe, expect, test } from "vitest";
import { HOUR_MS } from "../../time/duration.js";
import { type Injection, injector, type Shape } from "./inject.js";

const NONE = Number.NaN;
/** Twelve hours of 1, then 2, 3, none, 5, 6. */
const values = Float64Array.from([...new Array(12).fill(1), 2, 3, NONE, 5, 6]);

function injected(shape: Shape, changes: Partial<Injection> = {}): number[] {
  const valueAt = injector(values, { shape, at: 12, slots: 4, size: 10, seed: 1, ...changes }, HOUR_MS);
  return [0, 1, 2, 3, 4].map(valueAt);
}

describe("an injected incident", () => {
  test.each<[Shape, number[]]>([
    ["spike", [12, 13, NONE, 15, 16]],
    ["shift", [12, 13, NONE, 15, 16]],
    ["drift", [4.5, 8, NONE, 15, 16]],
    ["drop", [0, 0, NONE, 0, 0]],
    ["stall", [1, 1, NONE, 1, 1]],
    ["silence", [NONE, NONE, NONE, NONE, NONE]],
    ["pattern", [1, 1, 1, 1, 1]],
  ])("%s", (shape, expected) => {
    expect(injected(shape)).toEqual(expected);
  });

  test("variance is the same noise for one seed, as much larger as the size", () => {
    const noise = (size: number) => injected("variance", { size }).map((value, k) => value - values[12 + k]);
    const [small, large] = [noise(1), noise(3)];
    expect(small.filter(Number.isFinite)).toHaveLength(4);
    for (const [k, deviation] of small.entries()) {
      if (Number.isFinite(deviation)) expect(large[k]).toBeCloseTo(3 * deviation, 10);
    }
    expect(injected("variance", { seed: 2 })).not.toEqual(injected("variance"));
  });

  test("a stall repeats the last value, over a gap before it too", () => {
    expect(injected("stall", { at: 15 }).slice(0, 2)).toEqual([3, 3]);
  });
});

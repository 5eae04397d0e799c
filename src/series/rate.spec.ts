import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { counterToRate, countResets } from "./rate.js";

const NAN = Number.NaN;
const rates = (stepMs: number, ...values: number[]) => [
  ...counterToRate({ name: "c", labels: {}, startMs: 0, stepMs, values: Float64Array.from(values) }).values,
];

describe("counterToRate", () => {
  test.each<[string, number[], number[]]>([
    ["nothing", [], []],
    ["one value", [5], [NAN]],
    ["a counter that stands still", [5, 5, 5], [NAN, 0, 0]],
    ["a steady counter", [0, 60, 120], [NAN, 1, 1]],
    ["a reset: what it has counted since", [600, 30, 90], [NAN, 0.5, 1]],
    ["a gap: the mean of its time, and it stays a gap", [0, NAN, NAN, 180], [NAN, NAN, NAN, 1]],
    ["a reset within a gap", [600, NAN, 120], [NAN, NAN, 1]],
    ["nothing but gaps", [NAN, NAN], [NAN, NAN]],
  ])("%s", (_, values, expected) => {
    expect(rates(60_000, ...values)).toEqual(expected);
  });

  test("the rates add up to what was counted, wherever the counter was reset", () => {
    const increments = fc.array(fc.record({ by: fc.nat(1000), reset: fc.boolean() }), { minLength: 1, maxLength: 50 });
    fc.assert(
      fc.property(increments, (steps) => {
        let value = 0;
        let counted = 0;
        const values = [0];
        for (const { by, reset } of steps) {
          // A counter that comes back at or above its last value cannot be distinguished from one that continued.
          value = reset && by < value ? by : value + by;
          counted += by;
          values.push(value);
        }
        const sum = rates(10_000, ...values).reduce(
          (total, rate) => (Number.isNaN(rate) ? total : total + rate * 10),
          0,
        );
        expect(sum).toBeCloseTo(counted, 6);
      }),
    );
  });

  test("resets are counted over gaps", () => {
    expect(countResets(Float64Array.of(1, 2, NAN, 1, 5, 0))).toBe(2);
    expect(countResets(Float64Array.of(NAN, 1, 1))).toBe(0);
  });
});

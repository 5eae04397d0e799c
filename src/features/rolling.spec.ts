import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { MISSING, quantise, UNITS_PER_DEVIATION } from "./quantise.js";
import { RollingExtremum } from "./rolling-extremum.js";
import { RollingWindow } from "./rolling-window.js";
import { SlotRing } from "./slot-ring.js";

const gap = Number.NaN;

/** Statistics of the slots before each slot, as the machine sees them. */
function roll(values: readonly number[], length: number, offset = 0) {
  const ring = new SlotRing(offset + length + 2);
  const window = new RollingWindow(offset, length);
  const low = new RollingExtremum(length, "min");
  const high = new RollingExtremum(length, "max");
  return values.map((value) => {
    const seen = { mean: window.mean(), std: window.standardDeviation(), min: low.value(), max: high.value() };
    ring.push(quantise(value));
    for (const part of [window, low, high]) part.slide(ring);
    return seen;
  });
}

describe("rolling statistics of the past", () => {
  // v = pd.Series([1,2,nan,4,3,6,5,nan,8,7,9,2]); past = v.shift(1); r = past.rolling(4, min_periods=1)
  // r.mean(); past.rolling(4, min_periods=2).std(); r.min(); r.max()
  const v = [1, 2, gap, 4, 3, 6, 5, gap, 8, 7, 9, 2];
  const pandas = {
    mean: [gap, 1, 1.5, 1.5, 7 / 3, 3, 13 / 3, 4.5, 14 / 3, 19 / 3, 20 / 3, 8],
    std: [
      gap,
      gap,
      Math.SQRT1_2,
      Math.SQRT1_2,
      1.5275252317,
      1,
      1.5275252317,
      1.2909944487,
      1.5275252317,
      1.5275252317,
      1.5275252317,
      1,
    ],
    min: [gap, 1, 1, 1, 1, 2, 3, 3, 3, 5, 5, 7],
    max: [gap, 1, 2, 2, 4, 4, 6, 6, 6, 8, 8, 9],
  };

  test.each(["mean", "std", "min", "max"] as const)("%s equals pandas' rolling over shift(1), gaps skipped", (name) => {
    roll(v, 4).forEach((seen, i) => {
      if (Number.isNaN(pandas[name][i])) expect(seen[name]).toBeNaN();
      else expect(seen[name]).toBeCloseTo(pandas[name][i], 9);
    });
  });

  test("equals the slow obvious way on any values, gaps and window, to the last bit", () => {
    const value = fc.oneof(fc.double({ min: -400, max: 400, noNaN: true }), fc.constant(gap));
    fc.assert(
      fc.property(
        fc.array(value, { maxLength: 80 }),
        fc.integer({ min: 1, max: 20 }),
        fc.integer({ min: 0, max: 9 }),
        (xs, length, offset) => {
          const units = xs.map(quantise);
          roll(xs, length, offset).forEach((seen, i) => {
            const window = units
              .slice(Math.max(0, i - offset - length), Math.max(0, i - offset))
              .filter((u) => u !== MISSING);
            const newest = units.slice(Math.max(0, i - length), i).filter((u) => u !== MISSING);
            const sum = window.reduce((a, b) => a + b, 0);
            expect(seen.mean).toBe(window.length === 0 ? gap : sum / window.length / UNITS_PER_DEVIATION);
            expect(seen.min).toBe(newest.length === 0 ? gap : Math.min(...newest) / UNITS_PER_DEVIATION);
            expect(seen.max).toBe(newest.length === 0 ? gap : Math.max(...newest) / UNITS_PER_DEVIATION);
          });
        },
      ),
    );
  });

  test("a million slots leave no rounding error behind: the window equals one rebuilt from its slots", () => {
    const ring = new SlotRing(1442);
    const window = new RollingWindow(0, 1440);
    for (let i = 0; i < 1_000_000; i++) {
      ring.push(quantise(300 * Math.sin(i * 12.9898) * Math.cos(i * 78.233)));
      window.slide(ring);
    }
    const rebuilt = new RollingWindow(0, 1440);
    rebuilt.rebuild(ring);
    expect(window.mean()).toBe(rebuilt.mean());
    expect(window.standardDeviation()).toBe(rebuilt.standardDeviation());
  });

  test("a constant window has deviation 0, never a small imaginary one", () => {
    const seen = roll(new Array(50).fill(0.1), 7);
    expect(seen[49].std).toBe(0);
  });
});

describe("quantise", () => {
  test.each([
    [0, 0],
    [0.5, 1024],
    [-0.5, -1024],
    [Number.NaN, MISSING],
    [Number.POSITIVE_INFINITY, 512 * 2048],
    [-1e9, -512 * 2048],
  ])("%d is %d", (scaled, units) => {
    expect(quantise(scaled)).toBe(units);
  });
});

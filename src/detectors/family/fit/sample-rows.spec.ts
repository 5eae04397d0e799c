import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { pickSlots } from "./sample-rows.js";

describe("the slots that rows are made of", () => {
  test("are one of each block of equal length, through all series", () => {
    const lengths = [700, 0, 1300, 1000];
    const picked = pickSlots(lengths, 300, 1);
    const passed = [0, 700, 700, 2000];
    const all = picked.flatMap((slots, s) => [...slots].map((slot) => passed[s] + slot));
    const blocks = all.map((slot) => Math.floor(slot / 10));
    expect(all.every((slot, i) => i === 0 || slot > all[i - 1])).toBe(true);
    // A block is left out only where its draw falls behind its last slot, and belongs to the next block then.
    expect(new Set(blocks).size).toBeGreaterThan(270);
    expect(all.length).toBeLessThanOrEqual(300);
    expect(picked[1].length).toBe(0);
  });

  test("lie within their series, and depend on seed and lengths only", () => {
    const lengths = fc.array(fc.integer({ min: 0, max: 500 }), { minLength: 1, maxLength: 8 });
    fc.assert(
      fc.property(lengths, fc.integer({ min: 1, max: 300 }), fc.nat(), (of, rows, seed) => {
        const picked = pickSlots(of, rows, seed);
        expect(picked.every((slots, s) => slots.every((slot) => slot >= 0 && slot < of[s]))).toBe(true);
        expect(pickSlots(of, rows, seed)).toEqual(picked);
      }),
    );
  });
});

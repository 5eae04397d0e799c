import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { spreadLabels } from "./direct-labels.js";

const labels = (...ys: number[]) => ys.map((y, i) => ({ text: String(i), colour: "#000", y }));

describe("spreadLabels", () => {
  test("leaves labels that have room where they are", () => {
    expect(spreadLabels(labels(100, 20, 60), 300, 15).map(({ text, y }) => [text, y])).toEqual([
      ["1", 20],
      ["2", 60],
      ["0", 100],
    ]);
  });

  test("moves those that touch apart, evenly about where they belong", () => {
    expect(spreadLabels(labels(100, 100, 100), 300, 15).map(({ y }) => y)).toEqual([85, 100, 115]);
  });

  test("keeps them inside, apart and in order whatever the lines do", () => {
    fc.assert(
      fc.property(fc.array(fc.double({ min: -500, max: 900, noNaN: true }), { maxLength: 8 }), (ys) => {
        const spread = spreadLabels(labels(...ys), 336, 15).map(({ y }) => y);
        for (let i = 0; i < spread.length; i++) {
          expect(spread[i]).toBeGreaterThanOrEqual(0);
          expect(spread[i]).toBeLessThanOrEqual(336);
          if (i > 0) expect(spread[i] - spread[i - 1]).toBeGreaterThanOrEqual(15 - 1e-9);
        }
      }),
    );
  });
});

import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { smallestRung } from "./smallest-rung.js";

describe("smallestRung", () => {
  test("is what looking at every rung from below finds, from any guess", () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 40 }),
        fc.nat(40),
        fc.integer({ min: -5, max: 50 }),
        (count, first, guess) => {
          const holds = (rung: number) => rung >= first;
          const slow = Array.from({ length: count }, (_, rung) => rung).find(holds) ?? count;
          expect(smallestRung(holds, count, guess)).toBe(slow);
        },
      ),
    );
  });

  test("near the guess it needs four looks, and never asks for a rung that there is not", () => {
    for (const first of [29, 30, 31]) {
      const asked: number[] = [];
      smallestRung((rung) => asked.push(rung) > 0 && rung >= first, 65, 30);
      expect(asked.length).toBeLessThanOrEqual(4);
      expect(asked.every((rung) => rung >= 0 && rung < 65)).toBe(true);
    }
  });
});

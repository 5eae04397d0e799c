import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { SeriesPoints } from "../../runs/find-anomalies.js";
import { joinPieces, PIECE_MS, piecesOf, slotsWithin } from "./pieces.js";

const points = (startMs: number, stepMs: number, slots: number): SeriesPoints => {
  const values = Float64Array.from({ length: slots }, (_, i) => startMs + i * stepMs);
  return {
    name: "x",
    labels: { a: "1" },
    startMs,
    stepMs,
    observed: values,
    expected: values,
    lower: values,
    upper: values,
    score: values,
  };
};

describe("pieces of scored slots", () => {
  test("cut and joined again are the whole", () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 0, max: 3 * PIECE_MS }),
        fc.constantFrom(60_000, 300_000, 1_200_000, 3_600_000, 7 * 60_000, 86_400_000),
        fc.integer({ min: 1, max: 600 }),
        (start, stepMs, slots) => {
          const startMs = Math.floor(start / stepMs) * stepMs;
          const whole = points(startMs, stepMs, slots);
          const range = { startMs, endMs: startMs + slots * stepMs };
          const pieces = piecesOf(range).map((at) => [slotsWithin(whole, { startMs: at, endMs: at + PIECE_MS })]);
          expect(joinPieces(pieces)).toEqual([whole]);
        },
      ),
    );
  });

  test("of series that are not in all of them leave gaps, and none for a series without slots", () => {
    const gap = joinPieces([
      [points(0, 60_000, 2)],
      [],
      [points(240_000, 60_000, 1), { ...points(0, 60_000, 0), name: "y" }],
    ]);
    expect(gap.map(({ name, score }) => [name, ...score])).toEqual([["x", 0, 60_000, Number.NaN, Number.NaN, 240_000]]);
  });
});

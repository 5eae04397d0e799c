import { describe, expect, test } from "vitest";
import { WEEK_MS } from "../../../time/duration.js";
import { expectedEpisodes } from "./expected-episodes.js";

describe("expectedEpisodes", () => {
  test("one ordinary day in a hundred above the threshold is 0.07 episodes a series and week", () => {
    const maxima = Float64Array.from({ length: 1000 }, (_, i) => i / 1000);
    // −ln(1 − 0.01) · 7 = 0.0704 a series
    expect(expectedEpisodes(maxima, 0.99, 100, WEEK_MS)).toBeCloseTo(7.035, 3);
  });

  test("is 0 without days, and for a family that never strays", () => {
    expect(expectedEpisodes([], 1, 10, WEEK_MS)).toBe(0);
    expect(expectedEpisodes(new Float64Array(50), 0, 10, WEEK_MS)).toBe(0);
  });

  test("stays finite when every day is above", () => {
    expect(expectedEpisodes([2, 2, 2], 1, 1, WEEK_MS)).toBeLessThan(20);
  });
});

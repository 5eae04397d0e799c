import { expect, test } from "vitest";
import { seededRandom } from "../math/random.js";
import { type Beginning, firstChances } from "./first-mover.js";

const of = (chances: readonly number[], startMs = 0, stepMs = 60_000): Beginning => ({
  startMs,
  stepMs,
  chances: Float64Array.from(chances),
});

test("one that surely began before all others was surely first", () => {
  const [a, b] = firstChances([of([1, 0, 0]), of([0, 0.5, 0.5])]);
  expect([a, b]).toEqual([1, expect.closeTo(0.001, 12)]);
});

test("one that belongs to the others with half a chance leaves the other half to the next", () => {
  const [a, b] = firstChances([of([0.5, 0]), of([0, 1])]);
  expect([a, b]).toEqual([0.5, 0.5]);
});

test("two of one slot do not rule each other out", () => {
  expect(firstChances([of([1, 0]), of([1, 0])])).toEqual([1, 1]);
});

test("series of other steps are compared by their times", () => {
  const [minute, five] = firstChances([of([0, 0, 0, 1, 0], 0, 60_000), of([0, 1], 0, 300_000)]);
  expect(minute).toBe(1);
  expect(five).toBeCloseTo(0.001, 12);
});

test("is what drawing the begins many times gives", () => {
  const beginnings = [of([0.2, 0.3, 0.4, 0]), of([0, 0.5, 0.2, 0.3]), of([0.1, 0, 0.1, 0.2])];
  const random = seededRandom(11);
  const firsts = [0, 0, 0];
  const rounds = 200_000;
  for (let round = 0; round < rounds; round++) {
    const begins = beginnings.map(({ chances }) => {
      let left = random();
      return chances.findIndex((chance) => {
        left -= chance;
        return left < 0;
      });
    });
    const earliest = Math.min(...begins.filter((begin) => begin >= 0));
    begins.forEach((begin, i) => {
      if (begin === earliest) firsts[i]++;
    });
  }
  firstChances(beginnings).forEach((chance, i) => {
    // Four standard errors of a share of 200,000.
    expect(Math.abs(chance - firsts[i] / rounds)).toBeLessThan(0.0045);
  });
});

test("of none there is none", () => {
  expect(firstChances([])).toEqual([]);
});

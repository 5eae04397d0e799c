import { expect, test } from "vitest";
import { seededRandom } from "../math/random.js";
import { type Beginning, firstChances } from "./first-mover.js";

const first = (beginnings: readonly Beginning[]) => firstChances(beginnings).map((chance) => chance.first);

const of = (chances: readonly number[], startMs = 0, stepMs = 60_000): Beginning => ({
  startMs,
  stepMs,
  chances: Float64Array.from(chances),
});

test("one that surely began before all others was surely first", () => {
  const [a, b] = first([of([1, 0, 0]), of([0, 0.5, 0.5])]);
  expect([a, b]).toEqual([1, expect.closeTo(0.001, 12)]);
});

test("one that belongs to the others with half a chance leaves the other half to the next", () => {
  const [a, b] = first([of([0.5, 0]), of([0, 1])]);
  expect([a, b]).toEqual([0.5, 0.5]);
});

test("two of one slot do not rule each other out", () => {
  expect(first([of([1, 0]), of([1, 0])])).toEqual([1, 1]);
});

test("series of other steps are compared by their times", () => {
  const [minute, five] = first([of([0, 0, 0, 1, 0], 0, 60_000), of([0, 1], 0, 300_000)]);
  expect(minute).toBe(1);
  expect(five).toBeCloseTo(0.001, 12);
});

test("one that surely began second is one of the first two, whatever is vague after it", () => {
  const [before, sharp, vague] = firstChances([of([1, 0, 0, 0]), of([0, 1, 0, 0]), of([0, 0.02, 0.1, 0.88])]);
  expect(before.firstTwo).toBeCloseTo(1, 12);
  expect(sharp.first).toBeCloseTo(0.001, 12);
  expect(sharp.firstTwo).toBeCloseTo(1, 12);
  // In its second slot only the first is before it; later, both but for one in a thousand each.
  expect(vague.firstTwo).toBeCloseTo(0.02 + 0.98 * (1 - 0.999 ** 2), 12);
});

test("is what drawing the begins many times gives", () => {
  const beginnings = [of([0.2, 0.3, 0.4, 0]), of([0, 0.5, 0.2, 0.3]), of([0.1, 0, 0.1, 0.2])];
  const random = seededRandom(11);
  const firsts = [0, 0, 0];
  const firstTwos = [0, 0, 0];
  const rounds = 200_000;
  for (let round = 0; round < rounds; round++) {
    const begins = beginnings.map(({ chances }) => {
      let left = random();
      return chances.findIndex((chance) => {
        left -= chance;
        return left < 0;
      });
    });
    begins.forEach((begin, i) => {
      if (begin < 0) return;
      const before = begins.filter((other) => other >= 0 && other < begin).length;
      if (before === 0) firsts[i]++;
      if (before <= 1) firstTwos[i]++;
    });
  }
  firstChances(beginnings).forEach((chance, i) => {
    // Four standard errors of a share of 200,000.
    expect(Math.abs(chance.first - firsts[i] / rounds)).toBeLessThan(0.0045);
    expect(Math.abs(chance.firstTwo - firstTwos[i] / rounds)).toBeLessThan(0.0045);
  });
});

test("of none there is none", () => {
  expect(firstChances([])).toEqual([]);
});

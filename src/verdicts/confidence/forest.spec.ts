import { expect, test } from "vitest";
import { seededRandom } from "../../math/random.js";
import { checkedForest, grownFrom } from "./forest.js";
import { type Grown, grow, type Row, weightsOf } from "./grow.js";

/** Rows whose first six features tell, and whose other six say nothing. */
const TELLS = [1, 2, 3, -1, -2, -3];
const seenAt = (x: number) => [...TELLS.map((times) => times * x), ...TELLS.map(() => 0.5)];
function rows(count: number, realWhere: (x: number, draw: () => number) => boolean): Row[] {
  const draw = seededRandom(7);
  return Array.from({ length: count }, () => {
    const x = draw();
    const seen = [...TELLS.map((times) => times * x), ...TELLS.map(() => draw())];
    return { seen, real: realWhere(x, draw) ? 1 : 0 };
  });
}
const TELLING = rows(60, (x) => x > 0.4);

test("grows at 30 verdicts and then with every tenth more", () => {
  expect([0, 29, 30, 32, 33, 35, 36, 39, 100].map(grownFrom)).toEqual([0, 0, 30, 30, 33, 33, 36, 39, 94]);
});

test("is used where it does better on later verdicts than their share of real ones", () => {
  const { check, forest } = checkedForest(TELLING);
  expect(check).toMatchObject({ verdicts: 60, trained_on: 40, judged_on: 20, used: true });
  // The baseline by hand: the squared distance of each later verdict from the share among the earlier ones, one of each presumed.
  const realOf = (some: readonly Row[]) => some.filter(({ real }) => real === 1).length;
  const share = (realOf(TELLING.slice(0, 40)) + 1) / 42;
  const later = realOf(TELLING.slice(40)) / 20;
  expect(check.baseline).toBeCloseTo(later * (1 - share) ** 2 + (1 - later) * share ** 2, 4);
  expect(check.brier).toBeLessThan(check.baseline / 2);
  expect(forest?.chance(seenAt(0.9))).toBeGreaterThan(0.8);
  expect(forest?.chance(seenAt(0.1))).toBeLessThan(0.2);
});

test("is not used where the features say nothing, or where all verdicts are alike", () => {
  const noise = checkedForest(rows(200, (_, draw) => draw() > 0.5));
  expect(noise).toMatchObject({ check: { used: false }, forest: null });
  expect(noise.check.brier).toBeGreaterThan(0.95 * noise.check.baseline);
  expect(checkedForest(rows(40, () => true))).toMatchObject({ check: { brier: null, used: false }, forest: null });
});

test("the same rows give the same forest", () => {
  const [a, b] = [grow(TELLING), grow(TELLING)];
  for (const { seen } of TELLING) expect(a.chance(seen)).toBe(b.chance(seen));
});

test("the weight is with what the chance depends on", () => {
  const first: Grown = { chance: (seen) => seen[0] };
  expect(weightsOf(first, TELLING)).toEqual([1, ...new Array(11).fill(0)]);
  expect(weightsOf({ chance: () => 0.5 }, TELLING)).toEqual(new Array(12).fill(0));
  const telling = weightsOf(grow(TELLING), TELLING).slice(0, TELLS.length);
  expect(telling.reduce((sum, weight) => sum + weight, 0)).toBeGreaterThan(0.8);
});

import { describe, expect, test } from "vitest";
import { normal, seededRandom } from "../math/random.js";
import { innovations } from "./noise.js";
import { onsetChances, scanShift } from "./shift-scan.js";

const NONE = Number.NaN;

/** The definition: for each begin and end the template of a shift, its innovations, and their scalar product. */
function bySlots(fresh: Float64Array, memory: number, least: number) {
  let best = { statistic: 0, from: 0, until: 0, direction: 1 };
  for (let from = 0; from < fresh.length; from++) {
    if (fresh[from] !== fresh[from]) continue;
    for (let until = from + least; until <= fresh.length; until++) {
      let product = 0;
      let energy = 0;
      fresh.forEach((value, i) => {
        const now = i >= from && i < until ? 1 : 0;
        const before = i - 1 >= from && i - 1 < until ? 1 : 0;
        const template = now - memory * before;
        if (value !== value) return;
        product += template * value;
        energy += template * template;
      });
      const statistic = Math.abs(product) / Math.sqrt(energy);
      if (statistic > best.statistic) best = { statistic, from, until, direction: product > 0 ? 1 : -1 };
    }
  }
  return best;
}

describe("the scan for a shift", () => {
  test.each([1, 2, 3, 4, 5, 6])("finds what the definition finds, slot by slot (seed %d)", (seed) => {
    const random = seededRandom(seed);
    const memory = random() * 0.9;
    const values = Float64Array.from({ length: 40 }, (_, i) => (i >= 22 && i < 33 ? 2 : 0) + normal(random));
    for (let i = 0; i < 5; i++) values[Math.floor(random() * 40)] = NONE;
    const fresh = innovations(values, { spread: 1, memory });
    const found = scanShift(fresh, memory, 2);
    const expected = bySlots(fresh, memory, 2);
    expect(found.statistic).toBeCloseTo(expected.statistic, 9);
    expect([found.from, found.until, found.direction]).toEqual([expected.from, expected.until, expected.direction]);
  });

  test("of nothing, of one slot and of missing values alone is no shift", () => {
    for (const values of [[], [3], [NONE, NONE, NONE]]) {
      expect(scanShift(Float64Array.from(values), 0.5, 2).statistic).toBe(0);
    }
    expect(scanShift(new Float64Array(20), 0, 2).statistic).toBe(0);
  });

  test("is told up from down, and where it ends", () => {
    const values = new Float64Array(60).fill(0);
    values.fill(-4, 20, 45);
    const shift = scanShift(innovations(values, { spread: 1, memory: 0.6 }), 0.6, 2);
    expect(shift).toMatchObject({ from: 20, until: 45, direction: -1 });
  });
});

describe("the chances of the onset", () => {
  test("sum to 1 and are highest where the shift begins", () => {
    const random = seededRandom(9);
    const values = Float64Array.from({ length: 80 }, (_, i) => (i >= 30 ? 5 : 0) + normal(random));
    const fresh = innovations(values, { spread: 1, memory: 0 });
    const chances = onsetChances(fresh, 0, scanShift(fresh, 0, 2));
    expect(chances.reduce((sum, chance) => sum + chance, 0)).toBeCloseTo(1, 12);
    expect(chances.indexOf(Math.max(...chances))).toBe(30);
  });

  test("cover the true onset as often as they say", () => {
    let covered = 0;
    const rounds = 400;
    for (let seed = 1; seed <= rounds; seed++) {
      const random = seededRandom(seed);
      const onset = 20 + Math.floor(random() * 60);
      const values = Float64Array.from({ length: 120 }, (_, i) => (i >= onset ? 1.2 : 0) + normal(random));
      const fresh = innovations(values, { spread: 1, memory: 0 });
      const chances = onsetChances(fresh, 0, { until: 120, direction: 1 });
      let below = 0;
      for (let i = 0; i < onset; i++) below += chances[i];
      if (below + chances[onset] >= 0.1 && below <= 0.9) covered++;
    }
    // 80 % with the onset's own slot at both ends; four standard errors of a binomial share of 400 are 8 %.
    expect(covered / rounds).toBeGreaterThan(0.72);
  });
});

import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { seededRandom } from "../../math/random.js";
import { DAY_MS, HOUR_MS, MINUTE_MS } from "../../time/duration.js";
import { CHANGE_NAMES, ChangeBank } from "./change-bank.js";
import { NoveltyWatch } from "./novelty-watch.js";
import { SizeMemory } from "./size-memory.js";

const size = fc.double({ min: 1e-6, max: 1e6, noNaN: true });
const mean = (values: readonly number[]) => values.reduce((a, b) => a + b, 0) / values.length;
const median = (values: readonly number[]) => {
  const sorted = [...values].sort((a, b) => a - b);
  return (sorted[(sorted.length - 1) >> 1] + sorted[sorted.length >> 1]) / 2;
};

describe("SizeMemory", () => {
  test("reachedBy is within a bin (a quarter of an octave) of the size that the faded share reaches", () => {
    fc.assert(
      fc.property(
        fc.array(size, { minLength: 1, maxLength: 60 }),
        fc.double({ min: 0.01, max: 0.9, noNaN: true }),
        (sizes, share) => {
          const memory = new SizeMemory(20);
          for (const s of sizes) memory.push(s);
          const weights = sizes.map((_, i) => 0.5 ** ((sizes.length - 1 - i) / 20));
          const asked = share * weights.reduce((a, b) => a + b, 0);
          const reaching = (least: number) => weights.reduce((sum, w, i) => (sizes[i] >= least ? sum + w : sum), 0);
          const reached = memory.reachedBy(share);
          expect(reaching(reached * 2 ** 0.2501)).toBeLessThanOrEqual(asked + 1e-9);
          expect(reaching(reached / 2 ** 0.2501)).toBeGreaterThanOrEqual(asked - 1e-9);
        },
      ),
    );
  });

  test("the largest fades by half in a half-life, and zeros count as entries", () => {
    const memory = new SizeMemory(10);
    memory.push(8);
    for (let i = 0; i < 10; i++) memory.push(0);
    expect(memory.largest).toBeCloseTo(4, 12);
    expect(memory.seen).toBe(11);
    expect(memory.reachedBy(0.5)).toBe(0);
  });

  test("nothing overflows in a million pushes", () => {
    const memory = new SizeMemory(1000);
    for (let i = 0; i < 1_000_000; i++) memory.push(1 + (i % 100));
    expect(memory.reachedBy(0.5)).toBeGreaterThan(40);
    expect(memory.reachedBy(0.5)).toBeLessThan(60);
  });
});

describe("ChangeBank", () => {
  test("is what plain sums and medians over the values say, whatever is missing between them", () => {
    const random = seededRandom(3);
    const bank = new ChangeBank(HOUR_MS);
    const seen: number[] = [];
    const means: number[] = [];
    for (let slot = 0; slot < 400; slot++) {
      // Gaps of one or two slots; longer ones are holes.
      const value = random() < 0.15 && slot % 3 > 0 ? Number.NaN : random() * 10;
      bank.push(value);
      if (value === value) {
        const before = [...seen];
        seen.push(value);
        const newest = (count: number, back: number) =>
          mean(seen.slice(seen.length - count - back, seen.length - back));
        const dayBefore = means[slot - 24] ?? Number.NaN;
        if (before.length > 100) {
          const expected = [
            newest(3, 0) - newest(3, 3),
            newest(12, 0) - newest(12, 12),
            newest(24, 0) - newest(24, 24),
            newest(12, 0) - dayBefore,
            value - median(before.slice(-12)),
            value - median(before.slice(-60)),
          ];
          for (const [c, change] of expected.entries()) expect(bank.changes[c]).toBeCloseTo(change, 9);
        }
        means.push(seen.length >= 12 ? newest(12, 0) : Number.NaN);
      } else {
        expect(bank.changes.every((change) => Number.isNaN(change))).toBe(true);
        means.push(means[means.length - 1] ?? Number.NaN);
      }
    }
    expect(bank.changes).toHaveLength(CHANGE_NAMES.length);
  });
});

describe("a hole", () => {
  test("makes the changes begin anew: none reaches over it", () => {
    const bank = new ChangeBank(HOUR_MS);
    for (let i = 0; i < 200; i++) bank.push(i);
    for (let i = 0; i < 5; i++) bank.push(Number.NaN);
    bank.push(1000);
    expect([...bank.changes].every(Number.isNaN)).toBe(true);
    for (let i = 1; i < 6; i++) bank.push(1000);
    expect(bank.changes[0]).toBe(0);
  });
});

/** A week of noise around a daily wave, then what `change` makes of it. */
function ratios(stepMs: number, change: (value: number, slot: number) => number, days = 9, alarm = 1): number[] {
  const random = seededRandom(11);
  const watch = new NoveltyWatch(stepMs);
  const day = DAY_MS / stepMs;
  return Array.from({ length: days * day }, (_, i) => {
    const value = 100 + 20 * Math.sin((2 * Math.PI * i) / day) + random() * 4;
    watch.push(change(value, i), alarm);
    return watch.ratio;
  });
}

describe("NoveltyWatch", () => {
  const step = 5 * MINUTE_MS;
  const day = DAY_MS / step;
  const at = 7 * day;

  test("tells a jump that the series never made, once, and not a slightly smaller one of the next day", () => {
    const told = ratios(step, (value, i) => (i === at ? value + 200 : i === at + day ? value + 180 : value));
    expect(told[at]).toBeGreaterThan(2);
    expect(told.slice(at + 1, at + day).filter((ratio) => ratio > 0)).toEqual([]);
    expect(told[at + day]).toBe(0);
  });

  test("within twelve hours, tells again only what is three times as new", () => {
    const told = (second: number) =>
      ratios(step, (value, i) => (i === at ? value + 100 : i === at + 60 ? value + second : value))[at + 60];
    expect(told(180)).toBe(0);
    expect(told(5000)).toBeGreaterThan(3);
  });

  test("holds its tongue while nothing stands out from its surroundings", () => {
    const jump = (value: number, i: number) => (i === at ? value + 200 : value);
    expect(ratios(step, jump, 8, 0.44).filter((ratio) => ratio > 0)).toEqual([]);
    expect(ratios(step, jump, 8, 0.45)[at]).toBeGreaterThan(2);
  });

  test("of minutes it judges blocks of five, and what it tells stays for the next block", () => {
    const first = 7 * 1440;
    const told = ratios(MINUTE_MS, (value, i) => (i >= first && i < first + 5 ? value + 200 : value));
    expect(told.slice(first, first + 4)).toEqual([0, 0, 0, 0]);
    expect(told.slice(first + 4, first + 9).every((ratio) => ratio > 2)).toBe(true);
    expect(told[first + 9]).toBe(0);
    expect(new NoveltyWatch(MINUTE_MS).tellsAlone).toBe(false);
    expect(new NoveltyWatch(step).tellsAlone).toBe(true);
  });

  test("a restored watch goes on to the last bit, in the middle of a block as well", () => {
    const random = seededRandom(5);
    const values = Array.from({ length: 3000 }, (_, i) =>
      i % 700 === 699 ? 50 : random() < 0.02 ? Number.NaN : random(),
    );
    const whole = new NoveltyWatch(MINUTE_MS);
    const expected = values.map((value) => {
      whole.push(value, 1);
      return { ratio: whole.ratio, news: whole.news };
    });
    expect(expected.some(({ news }) => news !== undefined)).toBe(true);
    for (const cut of [0, 1, 703, 706, 1402, 2998]) {
      const first = new NoveltyWatch(MINUTE_MS);
      for (const value of values.slice(0, cut)) first.push(value, 1);
      const state = new Float64Array(first.stateLength);
      expect(first.save(state, 0)).toBe(state.length);
      const second = new NoveltyWatch(MINUTE_MS);
      second.restore(state, 0);
      const rest = values.slice(cut).map((value) => {
        second.push(value, 1);
        return { ratio: second.ratio, news: second.news };
      });
      expect(rest).toEqual(expected.slice(cut));
    }
  });
});

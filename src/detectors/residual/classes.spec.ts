import { describe, expect, test } from "vitest";
import { normal, seededRandom } from "../../math/random.js";
import { DAY_MS, MINUTE_MS } from "../../time/duration.js";
import { emptySlot, type ScoredSlot } from "../detector.js";
import { ScorerByClass } from "../machine/by-class.js";
import type { SeriesClass } from "../machine/series-class.js";
import { DEFAULT_RESIDUAL } from "./options.js";
import { ResidualScorer } from "./residual-scorer.js";

const STEP_MS = 5 * MINUTE_MS;
const DAY = DAY_MS / STEP_MS;

const daily = (i: number) => Math.sin((2 * Math.PI * i) / DAY);

/** Ten days of each class, from a seed. */
const SERIES: Readonly<Record<SeriesClass, () => number[]>> = {
  constant: () => slots(() => 42),
  step: () => slots((i) => 10 + 5 * Math.floor(i / (1.5 * DAY))),
  sparse: () => slots((_, random) => (random() < 0.02 ? 1 + Math.floor(3 * random()) : 0)),
  counter: () => {
    let total = 0;
    // Restarts every four days.
    return slots((i, random) => {
      total = (i % (4 * DAY) === 0 ? 0 : total) + 100 + 40 * daily(i) + 5 * random();
      return total;
    });
  },
  seasonal: () => slots((i, random) => 100 + 30 * daily(i) + normal(random)),
  stationary: () => slots((_, random) => 100 + normal(random)),
};

function slots(valueAt: (i: number, random: () => number) => number): number[] {
  const random = seededRandom(3);
  return Array.from({ length: 10 * DAY }, (_, i) => valueAt(i, random));
}

function scored(values: readonly number[]): { slots: ScoredSlot[]; scorer: ScorerByClass } {
  const scorer = new ScorerByClass(STEP_MS, () => new ResidualScorer(STEP_MS, "UTC", DEFAULT_RESIDUAL));
  const all = values.map((value, i) => {
    const slot = emptySlot();
    scorer.push(i * STEP_MS, value, slot);
    return slot;
  });
  return { slots: all, scorer };
}

const alarms = (all: readonly ScoredSlot[]) => all.flatMap(({ score }, i) => (score >= 1 ? [i] : []));

describe("the class of a series", () => {
  test.each(Object.entries(SERIES))(
    "a %s series is found to be one, and says so where it is explained",
    (name, values) => {
      const { scorer } = scored(values());
      expect(scorer.class).toBe(name);
      expect(scorer.explain().class).toBe(name);
    },
  );

  test.each(Object.entries(SERIES))(
    "a %s series that continues as ever is quiet after its third day",
    (name, values) => {
      const late = alarms(scored(values()).slots).filter((i) => i > 3 * DAY);
      // Each new level of a step series, every day and a half, is an alarm for the slot that comes to it and the one that stays.
      expect(late.length).toBeLessThanOrEqual(name === "step" ? 12 : 2);
    },
  );
});

describe("the path of each class", () => {
  const at = 8 * DAY + 50;

  test("a constant series: any other value is an alarm", () => {
    const values = SERIES.constant();
    values[at] = 42.001;
    expect(alarms(scored(values).slots)).toEqual([at]);
  });

  test("a step series: a new level is reported, and from its third slot on it is the level", () => {
    const values = SERIES.step().map((value, i) => (i >= at ? value + 300 : value));
    const told = alarms(scored(values).slots).filter((i) => i >= at && i < at + DAY / 4);
    expect(told).toEqual([at, at + 1]);
  });

  test("a sparse series: a value far above its rare ones is an alarm, the rare ones are none", () => {
    const values = SERIES.sparse();
    values[at] = 60;
    expect(alarms(scored(values).slots).filter((i) => i > 3 * DAY)).toEqual([at]);
  });

  test("a counter: a reset is no alarm, a rate that stops or triples is, and what is expected is the next count", () => {
    const values = SERIES.counter();
    const quiet = scored(values).slots;
    const reset = 8 * DAY;
    expect(Math.max(...quiet.slice(reset - 2, reset + 12).map(({ score }) => score))).toBeLessThan(1);
    const slot = quiet[at];
    expect(Math.abs(slot.expected - values[at])).toBeLessThan(20);
    expect(slot.lower).toBeLessThan(values[at]);
    expect(slot.upper).toBeGreaterThan(values[at]);

    const stopped = values.map((value, i) => (i >= at && i < at + 6 ? values[at - 1] : value));
    expect(alarms(scored(stopped).slots)).toContain(at);
    const faster = values.map((value, i) => (i >= at ? value + 300 * Math.min(6, i - at + 1) : value));
    expect(alarms(scored(faster).slots)).toContain(at);
  });

  test("a counter with slots missing continues from the newest count it has", () => {
    const values = SERIES.counter().map((value, i) => (i >= at && i < at + 3 ? Number.NaN : value));
    const slot = scored(values).slots[at + 3];
    expect(Math.abs(slot.expected - values[at + 3])).toBeLessThan(60);
    expect(slot.score).toBeLessThan(1);
  });

  test("a seasonal series: the night's level at noon is an alarm", () => {
    const noon = 8 * DAY + DAY / 4;
    const values = SERIES.seasonal().map((value, i) => (i >= noon && i < noon + 6 ? 70 : value));
    expect(alarms(scored(values).slots)).toContain(noon);
  });

  test("a gap makes no alarm at its edges, whatever the hour it ends in", () => {
    for (const first of [at, at + DAY / 4, at + DAY / 2]) {
      const values = SERIES.seasonal();
      values.fill(Number.NaN, first, first + 20);
      const loudest = (all: readonly ScoredSlot[]) =>
        Math.max(...all.slice(first - 3, first + 60).map(({ score }) => score));
      expect(loudest(scored(values).slots)).toBeLessThan(1);
    }
  });

  test("at one minute values that would have passed pass and those beyond do not", () => {
    const random = seededRandom(8);
    const minutes = Array.from({ length: 6 * 1440 }, (_, i) => 100 + 30 * daily(i / 5) + normal(random));
    const scorer = new ScorerByClass(MINUTE_MS, () => new ResidualScorer(MINUTE_MS, "UTC", DEFAULT_RESIDUAL));
    const slot = emptySlot();
    minutes.forEach((value, i) => {
      scorer.push(i * MINUTE_MS, value, slot);
    });
    const state = scorer.save();
    const next = (value: number) => {
      scorer.restore(state);
      scorer.push(minutes.length * MINUTE_MS, value, slot);
      return slot.score;
    };
    for (const value of [160, 20]) {
      expect(next(value)).toBeGreaterThan(1);
      const passes = scorer.explain().passes;
      if (passes === null) throw new Error("an alarm of the value alone says which values would have passed");
      expect(next(passes.low + 1e-6)).toBeLessThan(1);
      expect(next(passes.high - 1e-6)).toBeLessThan(1);
      expect(next(passes.low - 0.01)).toBeGreaterThanOrEqual(1);
      expect(next(passes.high + 0.01)).toBeGreaterThanOrEqual(1);
    }
  });

  test("restoring continues to the last bit, before and after it was known to be a counter", () => {
    const values = SERIES.counter();
    const whole = scored(values).slots;
    for (const cut of [10, DAY - 1, DAY, DAY + 1, 3 * DAY + 7]) {
      const first = new ScorerByClass(STEP_MS, () => new ResidualScorer(STEP_MS, "UTC", DEFAULT_RESIDUAL));
      const slot = emptySlot();
      for (let i = 0; i < cut; i++) first.push(i * STEP_MS, values[i], slot);
      const second = new ScorerByClass(STEP_MS, () => new ResidualScorer(STEP_MS, "UTC", DEFAULT_RESIDUAL));
      second.restore(first.save());
      for (let i = cut; i < cut + 400; i++) {
        const resumed = emptySlot();
        second.push(i * STEP_MS, values[i], resumed);
        expect(resumed).toEqual(whole[i]);
      }
    }
  });
});

import { describe, expect, test } from "vitest";
import type { FittedDetector, SeriesScorer } from "../detectors/detector.js";
import type { Threshold } from "../detectors/threshold.js";
import type { Series } from "../series/series.js";
import { DAY_MS, HOUR_MS, WEEK_MS } from "../time/duration.js";
import { ownThresholds } from "./own-thresholds.js";

const START_MS = Date.UTC(2025, 0, 6);
const ONCE_A_WEEK: Threshold = { kind: "budget", episodes: 1, perMs: WEEK_MS };

/** The score of a slot is its value. */
const echo: FittedDetector = {
  stepMs: HOUR_MS,
  historyMs: 0,
  warmUpMs: 0,
  describesAfterMs: 0,
  learnedOf: () => ({ silenceSlots: 1 }),
  describe: () => ({ silenceSlots: 1 }),
  usualOf: () => 0,
  open: (): SeriesScorer => ({
    push(_, value, into) {
      into.score = value;
      into.cause = "band";
      into.warming = false;
    },
    pass: () => {},
    explain: () => ({ class: "seasonal", parts: [], passes: null }),
    stateLength: 0,
    save: () => new Float64Array(0),
    restore: () => {},
  }),
};

/** Quiet hours but for one score on the second day of each week. */
function scores(weeks: number, loudest: number): Float64Array {
  const values = new Float64Array(weeks * 7 * 24).fill(0.1);
  for (let week = 0; week < weeks; week++) values[(week * 7 + 1) * 24 + 5] = loudest;
  return values;
}

function divisorAfter(all: readonly Float64Array[], threshold = ONCE_A_WEEK, days?: number): number | undefined {
  const series = all.map((values, i): Series => {
    const labels = { machine: `m${i}`, aggregator: "any" };
    return { name: `s${i}`, labels, startMs: START_MS, stepMs: HOUR_MS, values };
  });
  const atMs = START_MS + (days ?? all[0].length / 24) * DAY_MS;
  const work = ownThresholds(series, [atMs], () => echo, threshold);
  for (;;) {
    const { done, value } = work.next();
    if (done) return value[0]?.divisor;
  }
}

describe("a budget", () => {
  test("lies, before there are days to count, where a detector usually gives that many alarms", () => {
    // 3 · x^(−1.25) = 1 at 2.41; the rungs are 4.4 % apart.
    expect(divisorAfter([scores(1, 50)], ONCE_A_WEEK, 5)).toBeGreaterThan(2.4);
    expect(divisorAfter([scores(1, 50)], ONCE_A_WEEK, 5)).toBeLessThan(2.41 * 1.045);
  });

  test("is that of the series once there are many days of them", () => {
    const calm = Array.from({ length: 20 }, () => scores(8, 1.3));
    // One alarm a week each, so there is room for two: the lowest threshold above the quiet hours.
    expect(divisorAfter(calm, { ...ONCE_A_WEEK, episodes: 2 })).toBe(0.25);
    const loud = Array.from({ length: 20 }, () => scores(8, 9).map((score, i) => (i % 24 === 7 ? 4 : score)));
    // Seven a week at 4: it lies above.
    expect(divisorAfter(loud)).toBeGreaterThan(4);
    expect(divisorAfter(loud)).toBeLessThan(4.2);
  });

  test("does not count the first week of a series, in which a detector alarms more than it will", () => {
    const begun = (first: number) =>
      Array.from({ length: 20 }, () => scores(3, 1.3).map((s, i) => (i < 7 * 24 ? first : s)));
    expect(divisorAfter(begun(9))).toBe(divisorAfter(begun(0.1)));
  });

  test("is not blinded by a long incident: four loud days of one series move it by less than a third", () => {
    const calm = Array.from({ length: 3 }, () => scores(8, 3));
    const incident = calm.map((values, i) =>
      i > 0 ? values : values.map((s, k) => (k >= 40 * 24 && k < 44 * 24 ? 200 : s)),
    );
    const [without = 0, within = 0] = [divisorAfter(calm), divisorAfter(incident)];
    expect(within).toBeGreaterThanOrEqual(without);
    expect(within / without).toBeLessThan(4 / 3);
  });
});

describe("a percentile", () => {
  const strict: Threshold = { kind: "quantile", p: 0.95 };

  test("is not known before there is a week of series-days", () => {
    expect(divisorAfter([scores(1, 3)], strict, 5)).toBeUndefined();
  });

  test("is the score that this share of days stays below", () => {
    // One day in seven has 3, the others 0.1.
    expect(
      divisorAfter(
        Array.from({ length: 10 }, () => scores(8, 3)),
        strict,
      ),
    ).toBeCloseTo(3, 6);
    expect(
      divisorAfter(
        Array.from({ length: 10 }, () => scores(8, 3)),
        { kind: "quantile", p: 0.8 },
      ),
    ).toBeCloseTo(0.1, 6);
  });
});

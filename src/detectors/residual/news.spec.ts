import { describe, expect, test } from "vitest";
import { DAY_MS, HOUR_MS, MINUTE_MS } from "../../time/duration.js";
import { emptySlot } from "../detector.js";
import { profileSeries } from "../family/profile.js";
import { wave } from "../testing/wave.js";
import { News } from "./news.js";
import { residualDetector } from "./residual.js";

/** What is said of each hour; of an alarm its two residuals are given, null is an hour without anything. */
function ratios(slots: readonly (readonly [number, number] | null)[]): number[] {
  const news = new News(HOUR_MS, 2);
  return slots.map((slot) => news.push(Float64Array.from(slot ?? [0, 0]), slot !== null));
}
const hours = (count: number) => new Array<null>(count).fill(null);

describe("News", () => {
  test("is how many times the largest before an alarm is, of the kind in which that is most", () => {
    const said = ratios([[2, 10], ...hours(12), [5, 11]]);
    expect(said[13]).toBeCloseTo((5 / 2) * 2 ** (12 / (7 * 24)), 12);
  });

  test("an alarm as large as one before is none, nor is anything that is no alarm", () => {
    const news = new News(HOUR_MS, 1);
    news.push(Float64Array.of(8), false);
    expect(news.push(Float64Array.of(7.9), true)).toBe(0);
    expect(news.push(Float64Array.of(100), false)).toBe(0);
    expect(news.push(Float64Array.of(99), true)).toBe(0);
  });

  test("rises do not make falls known", () => {
    const said = ratios([[1, 1], ...hours(12), [-1, 0], ...hours(12), [100, 0], ...hours(12), [-2, 0]]);
    expect(said[39]).toBeCloseTo(2 * 2 ** (25 / (7 * 24)), 12);
  });

  test("within twelve hours only what is three times as new is news again", () => {
    const again = (hoursLater: number, size: number) =>
      ratios([[1, 1], ...hours(12), [2, 0], ...hours(hoursLater - 1), [size, 0]]).at(-1);
    expect(again(11, 8)).toBe(0);
    expect(again(12, 8)).toBeGreaterThan(4);
    expect(again(11, 20)).toBeGreaterThan(6);
  });

  test("half is forgotten in a week", () => {
    const ratioAfter = (days: number) => ratios([[10, 0], ...hours(days * 24), [5.1, 0]]).at(-1);
    expect(ratioAfter(6)).toBe(0);
    expect(ratioAfter(7)).toBeCloseTo(1.02, 9);
  });
});

describe("severity by news", () => {
  /** Scores of two values that are off by so much, a day and a half apart, after a week of waves. */
  function scoresOf(first: number, second: number): [number, number] {
    const { values } = wave(10, 5, MINUTE_MS);
    const [a, b] = [7.2, 8.7].map((days) => Math.round((days * DAY_MS) / MINUTE_MS));
    values[a] += first;
    values[b] += second;
    const scorer = residualDetector(MINUTE_MS).open(profileSeries(new Float64Array(0)));
    const scores = Array.from(values, (value, i) => {
      const slot = emptySlot();
      scorer.push(i * MINUTE_MS, value, slot);
      return slot;
    });
    return [scores[a].score, scores[b].score];
  }

  test("an alarm of a size that the series has not shown scores 2 or more, a smaller one behind it between 1 and 2", () => {
    const [first, again] = scoresOf(40, 30);
    expect(first).toBeGreaterThanOrEqual(2);
    expect(again).toBeGreaterThan(1);
    expect(again).toBeLessThan(2);
  });

  test("twice as large is news again", () => {
    expect(scoresOf(40, 80)[1]).toBeGreaterThanOrEqual(2.9);
  });
});

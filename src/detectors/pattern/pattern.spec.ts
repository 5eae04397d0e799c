import { describe, expect, test } from "vitest";
import { normal, seededRandom } from "../../math/random.js";
import { EMPTY_INVENTORY } from "../../series/inventory.js";
import { DAY_MS, MINUTE_MS } from "../../time/duration.js";
import { emptySlot } from "../detector.js";
import { profileSeries } from "../family/profile.js";
import { pattern } from "./detector.js";
import { FuzzyArt } from "./fuzzy-art.js";
import { haar } from "./haar.js";
import { KnownRange } from "./known-range.js";

describe("haar", () => {
  test("is the orthonormal Haar matrix of 8", () => {
    const matrix = [
      [1, 1, 1, 1, 1, 1, 1, 1].map((x) => x / Math.sqrt(8)),
      [1, 1, 1, 1, -1, -1, -1, -1].map((x) => x / Math.sqrt(8)),
      [1, 1, -1, -1, 0, 0, 0, 0].map((x) => x / 2),
      [0, 0, 0, 0, 1, 1, -1, -1].map((x) => x / 2),
      [1, -1, 0, 0, 0, 0, 0, 0].map((x) => x / Math.SQRT2),
      [0, 0, 1, -1, 0, 0, 0, 0].map((x) => x / Math.SQRT2),
      [0, 0, 0, 0, 1, -1, 0, 0].map((x) => x / Math.SQRT2),
      [0, 0, 0, 0, 0, 0, 1, -1].map((x) => x / Math.SQRT2),
    ];
    const values = Float64Array.of(3, 1, 4, 1, 5, 9, 2, 6);
    const into = new Float64Array(8);
    haar(values, into, new Float64Array(8));
    matrix.forEach((row, i) => {
      expect(into[i]).toBeCloseTo(
        row.reduce((sum, weight, k) => sum + weight * values[k], 0),
        12,
      );
    });
  });
});

/** Fuzzy ART as the paper has it, with boxes written out as objects. */
function plainArt(inputs: readonly (readonly number[])[], most: number, vigilance: number): number[] {
  const boxes: { w: number[]; met: number }[] = [];
  const size = (x: readonly number[]) => x.reduce((sum, one) => sum + one, 0);
  return inputs.map((a, at) => {
    const coded = [...a, ...a.map((one) => 1 - one)].map(Math.fround);
    const and = ({ w }: { w: number[] }) => w.map((one, i) => Math.min(one, coded[i]));
    const distances = boxes.map((box) => (size(box.w) - size(and(box))) / a.length);
    const fitting = boxes
      .filter((box) => size(and(box)) / a.length >= vigilance)
      .sort((one, other) => size(and(other)) / (1e-3 + size(other.w)) - size(and(one)) / (1e-3 + size(one.w)));
    if (fitting.length > 0) Object.assign(fitting[0], { w: and(fitting[0]), met: at });
    else {
      if (boxes.length === most) boxes.splice(boxes.indexOf(boxes.reduce((x, y) => (y.met < x.met ? y : x))), 1);
      boxes.push({ w: coded, met: at });
    }
    return distances.length === 0 ? Number.NaN : 1 - Math.min(...distances);
  });
}

describe("FuzzyArt", () => {
  test.each([0.7, 0.9])("is the paper's, also where categories are forgotten: vigilance %d", (vigilance) => {
    const random = seededRandom(7);
    const inputs = Array.from({ length: 600 }, () => Array.from({ length: 4 }, () => Math.fround(random())));
    const expected = plainArt(inputs, 6, vigilance);
    const art = new FuzzyArt(4, 6, vigilance);
    inputs.forEach((input, i) => {
      const nearest = art.learn(input);
      if (i === 0) expect(nearest).toBeNaN();
      else expect(nearest).toBeCloseTo(expected[i], 5);
    });
  });

  test("an input that was there before is as near as can be", () => {
    const art = new FuzzyArt(3, 4, 0.9);
    art.learn([0.2, 0.5, 0.9]);
    expect(art.learn([0.9, 0.1, 0.2])).toBeCloseTo(1 - (0.7 + 0.4 + 0.7) / 3, 6);
    expect(art.learn([0.2, 0.5, 0.9])).toBeCloseTo(1, 6);
  });
});

describe("KnownRange", () => {
  test("is the least and the most of the last 28 days, over days without a value too", () => {
    const random = seededRandom(3);
    const range = new KnownRange();
    const seen: { day: number; value: number }[] = [];
    for (let day = 20_000, i = 0; i < 400; i++) {
      if (random() < 0.3) day += random() < 0.05 ? 40 : 1;
      const value = random() < 0.1 ? Number.NaN : normal(random);
      range.look(day * DAY_MS + 5);
      const known = seen.filter((one) => one.day > day - 28).map((one) => one.value);
      expect(range.low).toBe(known.length === 0 ? Number.NaN : Math.min(...known));
      expect(range.high).toBe(known.length === 0 ? Number.NaN : Math.max(...known));
      range.learn(value);
      if (value === value) seen.push({ day, value });
    }
  });
});

describe("pattern", () => {
  const stepMs = 5 * MINUTE_MS;
  const day = DAY_MS / stepMs;
  /** Fourteen days of a smooth wave between −1 and 1, and what the last slots of the fourteenth are replaced by. */
  function lastSlots(of: (i: number) => number) {
    const random = seededRandom(11);
    const settings = { stepMs, timezone: "UTC", silenceAfterMs: null, divisor: 1 };
    const scorer = pattern.open(null, EMPTY_INVENTORY, settings).open(profileSeries(new Float64Array(0)));
    const from = 13.5 * day;
    const alarms: string[] = [];
    for (let i = 0; i < 14 * day; i++) {
      const slot = emptySlot();
      const ordinary = Math.sin((2 * Math.PI * i) / day) + 0.02 * normal(random);
      scorer.push(i * stepMs, i < from ? ordinary : of(i - from), slot);
      if (i >= from && slot.score >= 1) alarms.push(`${slot.cause}: ${scorer.explain().parts[0].name}`);
    }
    return alarms;
  }

  test("finds a course that stays inside the range but was never like this, and names how near the nearest one is", () => {
    const alarms = lastSlots((i) => 0.8 * Math.sin((2 * Math.PI * i) / 24));
    expect(alarms[0]).toMatch(/^shape: shape unlike any seen, nearest category 0\.\d\d$/);
  });

  test("names a new maximum and a new minimum", () => {
    expect(lastSlots((i) => (i === 10 ? 3 : 0))).toContain("band: new maximum of four weeks, against their median");
    expect(lastSlots((i) => (i === 10 ? -3 : 0))).toContain("band: new minimum of four weeks, against their median");
  });

  test("the wave that continues is no alarm", () => {
    expect(lastSlots((i) => Math.sin((2 * Math.PI * (i + 13.5 * day)) / day))).toEqual([]);
  });
});

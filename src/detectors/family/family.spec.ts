import { describe, expect, test } from "vitest";
import { emptySlot } from "../detector.js";
import { LARGEST_SCORE } from "../finite.js";
import { describeDetector } from "../testing/contract.js";
import { WAVE_SLOTS_A_DAY, WAVE_START_MS, WAVE_STEP_MS, wave } from "../testing/wave.js";
import { DEFAULT_TRAINING, trainModel } from "./fit/train.js";
import { openModel } from "./learned.js";
import { profileSeries } from "./profile.js";

const { model } = trainModel(
  [1, 2, 3, 4, 5, 6].map((seed) => wave(28, seed)),
  { ...DEFAULT_TRAINING, rows: 20_000 },
);
const detector = openModel(model);
describeDetector("family", () => detector);

/** Days 0–13 of a fresh wave with the values of `incident` put in from `at` on. */
function scored(incident: (values: Float64Array, at: number) => void, at = 10 * WAVE_SLOTS_A_DAY + 20) {
  const values = wave(14, 50).values;
  incident(values, at);
  const scorer = detector.open(profileSeries(wave(14, 51).values));
  return Array.from(values, (value, i) => {
    const slot = emptySlot();
    scorer.push(WAVE_START_MS + i * WAVE_STEP_MS, value, slot);
    return { ...slot, value, slot: i - at };
  });
}

describe("the family detector", () => {
  test("scores 1 and more exactly outside the band, unless another rule speaks", () => {
    const random = scored((values, at) => {
      for (let i = 0; i < 60; i++) values[at + i] += 0.15 * i * (i % 3 === 0 ? -1 : 1);
    });
    const ofBand = random.filter((s) => s.cause === "band" || s.cause === "season");
    expect(ofBand.filter((s) => s.score >= 1).length).toBeGreaterThan(10);
    for (const s of ofBand) {
      const margin = 1e-9 * Math.abs(s.value);
      if (s.score >= 1) expect(s.value > s.upper - margin || s.value < s.lower + margin).toBe(true);
      else if (s.cause === "season") expect(s.value >= s.lower - margin && s.value <= s.upper + margin).toBe(true);
    }
  });

  test("an hour of five times the level is found at its first slot and over at its end", () => {
    const slots = scored((values, at) => values.fill(50, at, at + 3));
    expect(slots.filter((s) => s.score >= 1).map((s) => s.slot)).toEqual([0, 1, 2]);
  });

  test("the day after an incident is not alarmed by its echo", () => {
    const slots = scored((values, at) => values.fill(50, at, at + 6));
    expect(slots.filter((s) => s.slot > 6 && s.score >= 1)).toEqual([]);
  });

  test("a slow drift is found while it lasts, not only when it ends", () => {
    const slots = scored((values, at) => {
      for (let i = 0; i < 36; i++) values[at + i] += (12 * i) / 36;
    });
    const first = slots.find((s) => s.score >= 1);
    expect(first?.slot).toBeGreaterThan(0);
    expect(first?.slot).toBeLessThan(20);
  });

  test("a drop to zero, a stuck value and a silence are found by their own rules or earlier", () => {
    const zero = scored((values, at) => values.fill(0, at, at + 9));
    expect(zero[10 * WAVE_SLOTS_A_DAY + 21].score).toBeGreaterThanOrEqual(1);
    const stuck = scored((values, at) => values.fill(values[at], at, at + 12));
    expect(stuck.some((s) => s.slot >= 0 && s.slot < 12 && s.score >= 1)).toBe(true);
    const stuckAtNight = scored((values, at) => values.fill(values[at], at, at + 9), 10 * WAVE_SLOTS_A_DAY - 4);
    expect(stuckAtNight.some((s) => s.slot >= 5 && s.slot < 9 && s.cause === "stall" && s.score >= 1)).toBe(true);
    const silent = scored((values, at) => values.fill(Number.NaN, at, at + 9));
    expect(silent.filter((s) => s.cause === "silence" && s.score >= 1).map((s) => s.slot)).toEqual([
      2, 3, 4, 5, 6, 7, 8,
    ]);
  });

  test("the edges of a gap raise no alarm", () => {
    const slots = scored((values, at) => values.fill(Number.NaN, at, at + 2));
    expect(slots.filter((s) => s.score >= 1)).toEqual([]);
  });

  test("a new level is alarmed for a day and then adopted, pattern and all", () => {
    const slots = scored((values, at) => {
      for (let i = at; i < values.length; i++) values[i] += 15;
    }, 8 * WAVE_SLOTS_A_DAY);
    const alarms = slots.filter((s) => s.score >= 1).map((s) => s.slot);
    expect(alarms[0]).toBe(0);
    expect(alarms.length).toBeGreaterThan(0.9 * WAVE_SLOTS_A_DAY);
    expect(Math.max(...alarms)).toBeLessThan(1.5 * WAVE_SLOTS_A_DAY);
  });

  test.each([1e308, -1e308, Number.MAX_VALUE, 1e300])(
    "%d is an alarm with finite figures, and so is what follows",
    (wild) => {
      const slots = scored((values, at) => values.fill(wild, at, at + 3));
      const during = slots.filter((s) => s.slot >= 0 && s.slot < 3);
      expect(during.every((s) => s.score >= 1 && s.score <= LARGEST_SCORE)).toBe(true);
      for (const { score, expected, lower, upper, warming } of slots) {
        if (!warming) expect([score, expected, lower, upper].every(Number.isFinite)).toBe(true);
      }
      expect(slots.filter((s) => s.slot > 6 && s.score >= 1)).toEqual([]);
    },
  );
});

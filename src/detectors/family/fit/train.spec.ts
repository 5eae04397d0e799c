import { describe, expect, test } from "vitest";
import { InputError } from "../../../errors/errors.js";
import { storeInMemory } from "../../../shelf/stored-series.js";
import { DAY_MS } from "../../../time/duration.js";
import { fitHere } from "../../fit-here.js";
import { WAVE_SLOTS_A_DAY, WAVE_START_MS, WAVE_STEP_MS, wave } from "../../testing/wave.js";
import { parseThreshold, thresholdScore } from "../../threshold.js";
import { openModel } from "../learned.js";
import { familyFit } from "./family-fit.js";
import { DEFAULT_TRAINING, trainModel } from "./train.js";

const options = { ...DEFAULT_TRAINING, rows: 10_000 };
const family = (days: number) => [1, 2, 3, 4].map((seed) => wave(days, seed));

describe("train", () => {
  test("the threshold is calibrated on days that the forests were not fitted on", () => {
    const { summary } = trainModel(family(40), options);
    expect(summary.calibratedFromMs).toBe(WAVE_START_MS + 32 * DAY_MS);
    expect(summary.fittedRows).toBeLessThanOrEqual(4 * 32 * WAVE_SLOTS_A_DAY);
    expect(summary.seriesDays).toBe(4 * 8);
  });

  test.each([
    [20, 13],
    [10, 5],
  ])("of %i days the newest week calibrates, but never more than half: the first %i are fitted on", (days, fitted) => {
    expect(trainModel(family(days), options).summary.calibratedFromMs).toBe(WAVE_START_MS + fitted * DAY_MS);
  });

  test("what happens after the split changes the forests in no bit", () => {
    const changed = family(20).map((s) => ({
      ...s,
      values: s.values.map((v, i) => (i >= 13 * WAVE_SLOTS_A_DAY ? v * 3 : v)),
    }));
    expect(trainModel(changed, options).model.forests).toEqual(trainModel(family(20), options).model.forests);
  });

  test("on days not fitted on both views predict better than repeating the last value or yesterday's", () => {
    const { heldOutError } = trainModel(family(28), options).summary;
    expect(heldOutError.recent).toBeLessThan(heldOutError.last);
    expect(heldOutError.seasonal).toBeLessThan(heldOutError.lag24h);
  });

  test("an excluded incident leaves no trace: the model is that of data without values there", () => {
    const [first, ...rest] = family(20);
    const range = { startMs: first.startMs + 5 * DAY_MS, endMs: first.startMs + 6 * DAY_MS };
    const at = (range.startMs - first.startMs) / WAVE_STEP_MS;
    const incident = { ...first, values: first.values.slice().fill(900, at, at + WAVE_SLOTS_A_DAY) };
    const blank = [incident, ...rest].map((s) => ({
      ...s,
      values: s.values.slice().fill(Number.NaN, at, at + WAVE_SLOTS_A_DAY),
    }));
    const excluded = trainModel([incident, ...rest], { ...options, exclude: [range] });
    const blanked = trainModel(blank, options);
    expect(excluded.model).toEqual(blanked.model);
    expect(excluded.options["exclude"]).toBe("2025-06-07T00:00:00Z/2025-06-08T00:00:00Z");
    expect(blanked.options["exclude"]).toBe(null);
    expect(incident.values[at]).toBe(900);
  });

  test("series with too few values are left out and listed with the reason", () => {
    const sparse = { ...wave(20, 9), values: wave(20, 9).values.map((v, i) => (i % 50 === 0 ? v : Number.NaN)) };
    const empty = { ...wave(20, 8), values: wave(20, 8).values.fill(Number.NaN) };
    const { summary } = trainModel([...family(20), sparse, empty], options);
    expect(summary.series).toBe(4);
    expect(summary.leftOut).toEqual([
      { name: "aggregator=wave,machine=m8", reason: "no values at all" },
      { name: "aggregator=wave,machine=m9", reason: "2 % of its slots hold a value, 5 % needed" },
    ]);
  });

  test.each([
    ["no series", [], "nothing to train on"],
    ["one point", [{ ...wave(1, 1), values: Float64Array.of(1) }], "the history covers 20m"],
    ["two days", family(2), "at least 72h are needed"],
    ["only missing values", [{ ...wave(20, 1), values: new Float64Array(1440).fill(Number.NaN) }], "no values at all"],
    ["two steps", [...family(20), { ...wave(20, 7), stepMs: 60_000 }], "--step"],
  ])("refuses %s in a sentence", (_, series, sentence) => {
    expect(() => trainModel(series, options)).toThrow(InputError);
    expect(() => trainModel(series, options)).toThrow(sentence);
  });

  test("learns from constant series and from three days", () => {
    const constant = family(4).map((s) => ({ ...s, values: s.values.slice().fill(5) }));
    const { model } = trainModel(constant, options);
    expect(model.profiles[0].spread).toBeGreaterThan(0);
  });

  test("progress runs through all phases from 0 to 1", () => {
    const heard: { done: number; phase: string }[] = [];
    const course = familyFit.course(family(20).map(storeInMemory), { timezone: "UTC", seed: 1 });
    const work = fitHere(course, familyFit.openStep, (done, phase) => heard.push({ done, phase }));
    while (!work.next().done);
    expect([...new Set(heard.map(({ phase }) => phase))]).toEqual(["sampling", "growing", "calibrating"]);
    expect(heard.map(({ done }) => done)).toEqual(heard.map(({ done }) => done).sort((a, b) => a - b));
    expect(heard[0].done).toBeGreaterThan(0);
    expect(heard[heard.length - 1].done).toBe(1);
  });
});

describe("the threshold", () => {
  test("strict is p99, permissive p95, and a tenth of a per cent can be requested", () => {
    expect(parseThreshold("strict")).toEqual({ kind: "quantile", p: 0.99 });
    expect(parseThreshold("permissive")).toEqual({ kind: "quantile", p: 0.95 });
    expect(parseThreshold("p99.5")).toEqual({ kind: "quantile", p: 0.995 });
    for (const bad of ["p100", "99", "p9", "loose"]) expect(() => parseThreshold(bad)).toThrow(/strict \(p99\)/);
  });

  test("a budget is the quantile at which that many days hold an episode", () => {
    const maxima = Float64Array.from({ length: 1001 }, (_, i) => i / 1000);
    // exp(−1/7) = 0.8669 of the days pass without an episode at one a week
    expect(thresholdScore({ kind: "budget", episodes: 1, perMs: 7 * DAY_MS }, maxima)).toBeCloseTo(0.8669, 3);
  });

  test("a stricter threshold gives no higher score anywhere, and a wider band", () => {
    const { model } = trainModel(family(20), options);
    const score = (threshold: string) => {
      const scorer = openModel(model, parseThreshold(threshold)).open(model.profiles[0]);
      const slot = { score: 0, cause: "none" as const, expected: 0, lower: 0, upper: 0, warming: false };
      return Array.from(wave(3, 40).values, (value, i) => {
        scorer.push(WAVE_START_MS + i * WAVE_STEP_MS, value, slot);
        return { score: slot.score, width: slot.upper - slot.lower };
      }).slice(WAVE_SLOTS_A_DAY);
    };
    const strict = score("p99.9");
    score("p90").forEach(({ width }, i) => {
      expect(width).toBeLessThanOrEqual(strict[i].width + 1e-9);
    });
  });
});

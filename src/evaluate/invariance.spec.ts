import { describe, expect, test } from "vitest";
import { emptySlot } from "../detectors/detector.js";
import { residualDetector } from "../detectors/residual/residual.js";
import { normal, seededRandom } from "../math/random.js";
import { DAY_MS, MINUTE_MS } from "../time/duration.js";
import { alarmMetrics } from "./alarm-metrics.js";
import { alarmSummary } from "./alarm-summary.js";

/*
 * What must not matter to the residual detector: the unit that a series is measured in, and that some of its points are missing.
 */

const DAYS = 12;
const IGNORED_DAYS = 3;

/** A series with events: shifts of a quarter of an hour to two hours, from hardly to plainly visible. */
interface Labelled {
  readonly stepMs: number;
  readonly values: Float64Array;
  readonly label: Uint8Array;
}

interface Shape {
  readonly valueAt: (day: number, random: () => number) => number;
  /** The smallest event; the largest is four times as large. */
  readonly event: number;
}
const SHAPES: Readonly<Record<string, Shape>> = {
  "a daily wave": { valueAt: (day, random) => 100 + 30 * Math.sin(2 * Math.PI * day) + normal(random), event: 4 },
  "noise around a level": { valueAt: (_, random) => 7 + 0.1 * normal(random), event: 0.4 },
  "whole numbers that rest at one value": {
    valueAt: (_, random) => (random() < 0.03 ? 1 + Math.floor(3 * random()) : 0),
    event: 5,
  },
  "a level that moves": { valueAt: (day, random) => 5 * Math.floor(day / 2.3) + 0.5 * normal(random), event: 2 },
};

function labelled({ valueAt, event }: Shape, stepMs: number, seed: number): Labelled {
  const random = seededRandom(seed);
  const daySlots = DAY_MS / stepMs;
  const values = Float64Array.from({ length: DAYS * daySlots }, (_, i) => valueAt(i / daySlots, random));
  const label = new Uint8Array(values.length);
  for (let day = IGNORED_DAYS; day < DAYS; day++) {
    const first = Math.floor((day + random() * 0.8) * daySlots);
    const length = Math.ceil(((0.25 + 1.75 * random()) * daySlots) / 24);
    const size = (1 + 3 * random()) * event;
    for (let i = first; i < first + length; i++) values[i] += size;
    label.fill(1, first, first + length);
  }
  return { stepMs, values, label };
}

function scoresOf({ stepMs, values }: Labelled): Float64Array {
  const detector = residualDetector(stepMs);
  const scorer = detector.open({ silenceSlots: 1 });
  const slot = emptySlot();
  return values.map((value, i) => {
    scorer.push(i * stepMs, value, slot);
    return value === value ? slot.score : Number.NaN;
  });
}

const alarmsIn = (scores: Float64Array) => [...scores].flatMap((score, i) => (score >= 1 ? [i] : []));
const metricsOf = (series: Labelled) =>
  alarmMetrics({ ...series, score: scoresOf(series), ignoreSlots: (IGNORED_DAYS * DAY_MS) / series.stepMs });

describe.each(Object.entries(SHAPES))("%s", (_, shape) => {
  test.each([
    ["a thousandth", 1e-3, 0],
    ["1000 times, from another zero", 1000, 1e6],
    ["bytes for terabytes", 1e12, 0],
  ])("has the same alarms in another unit: %s", (_unit, factor, offset) => {
    for (const stepMs of [MINUTE_MS, 5 * MINUTE_MS]) {
      const series = labelled(shape, stepMs, 11);
      const before = alarmsIn(scoresOf(series));
      const changed = { ...series, values: series.values.map((value) => value * factor + offset) };
      expect(before.length).toBeGreaterThan(3);
      expect(alarmsIn(scoresOf(changed))).toEqual(before);
    }
  });
});

test("without 5 % of their points series have the same event F1, to 0.02", () => {
  const random = seededRandom(5);
  const all = Object.values(SHAPES).flatMap((shape) =>
    Array.from({ length: 12 }, (_, seed) => labelled(shape, 5 * MINUTE_MS, seed)),
  );
  const thinned = all.map((series) => ({
    ...series,
    values: series.values.map((value) => (random() < 0.05 ? Number.NaN : value)),
  }));
  const f1 = (series: readonly Labelled[]) => alarmSummary(series.map(metricsOf)).eventF1 ?? Number.NaN;
  const whole = f1(all);
  expect(whole).toBeGreaterThan(0.5);
  expect(Math.abs(f1(thinned) - whole)).toBeLessThan(0.02);
});

import { describe, expect, test } from "vitest";
import type { SeriesPoints } from "../../runs/find-anomalies.js";
import { sampleAt } from "./samples.js";

/** Slots of a minute from 600 s on. */
const points = (...score: number[]): SeriesPoints => ({
  name: "x",
  labels: {},
  startMs: 600_000,
  stepMs: 60_000,
  observed: Float64Array.from(score),
  expected: Float64Array.from(score),
  lower: Float64Array.from(score),
  upper: Float64Array.from(score),
  score: Float64Array.from(score),
});
const { NaN: none } = Number;

describe("scored slots at the moments of a grid", () => {
  test("are the newest that have begun, for five minutes", () => {
    const at = (startS: number) => [...sampleAt(points(1, 2, none), "observed", { startS, stepS: 0, count: 1 })][0];
    expect([599, 600, 659, 660, 720, 960, 961].map(at)).toEqual([none, 1, 1, 2, 2, 2, none]);
  });

  test("hold for two steps where steps are long", () => {
    const hourly = { ...points(5), stepMs: 3_600_000 };
    const at = (startS: number) => [...sampleAt(hourly, "observed", { startS, stepS: 0, count: 1 })][0];
    expect([600 + 7200, 600 + 7201].map(at)).toEqual([5, none]);
  });

  test("of a wide graph show the highest score between two points, and other figures as they are then", () => {
    const grid = { startS: 600, stepS: 180, count: 3 };
    const slots = points(0.1, 3, 0.2, 0.3, 0.4, 0.5, 2);
    expect([...sampleAt(slots, "score", grid)]).toEqual([0.1, 3, 2]);
    expect([...sampleAt(slots, "expected", grid)]).toEqual([0.1, 0.3, 2]);
  });
});

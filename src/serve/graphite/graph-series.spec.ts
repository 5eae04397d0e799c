import { describe, expect, test } from "vitest";
import type { SeriesPoints } from "../../runs/find-anomalies.js";
import { consolidated, figureOf, type GraphSeries } from "./graph-series.js";

const NONE = Number.NaN;
const points = (startS: number, stepS: number, values: readonly number[]): SeriesPoints => {
  const all = Float64Array.from(values);
  const figures = { observed: all, expected: all, lower: all, upper: all, score: all };
  return { name: "x", labels: {}, startMs: startS * 1000, stepMs: stepS * 1000, ...figures };
};
const series = (
  startS: number,
  stepS: number,
  values: readonly number[],
  consolidation: "average" | "max",
): GraphSeries => ({
  ...{ name: "x", pathExpression: "x", tags: {}, startS, endS: startS + stepS * values.length, stepS, consolidation },
  values: Float64Array.from(values),
});

describe("the slots of a window", () => {
  test.each([
    ["after from, up to and with until", 600, 780, { startS: 660, endS: 840, values: [2, 3, 4] }],
    ["missing where there are none", 480, 960, { startS: 540, endS: 1020, values: [NONE, 1, 2, 3, 4, 5, NONE, NONE] }],
    ["only before", 0, 180, { startS: 60, endS: 240, values: [NONE, NONE, NONE] }],
    ["only behind", 1000, 1130, { startS: 1020, endS: 1140, values: [NONE, NONE] }],
    ["none in a window shorter than the step", 610, 650, { startS: 660, endS: 660, values: [] }],
  ])("%s", (_, fromS, untilS, expected) => {
    const { startS, endS, values } = figureOf(points(600, 60, [1, 2, 3, 4, 5]), "observed", { fromS, untilS });
    expect({ startS, endS, values: [...values] }).toEqual(expected);
  });

  test("keep the phase of the series", () => {
    expect(figureOf(points(630, 60, [1, 2]), "score", { fromS: 600, untilS: 700 })).toMatchObject({
      startS: 630,
      endS: 750,
      consolidation: "max",
    });
  });
});

describe("at most so many values", () => {
  const values = [1, 5, NONE, 3, NONE, NONE, 7, 8];

  test("are averages, of scores the highest, over stretches that begin at multiples of their length", () => {
    const short = consolidated(series(600, 60, values, "average"), 4);
    expect({ ...short, values: [...short.values] }).toMatchObject({
      startS: 600,
      stepS: 120,
      endS: 1080,
      values: [3, 3, NONE, 7.5],
    });
    expect([...consolidated(series(600, 60, values, "max"), 4).values]).toEqual([5, 3, NONE, 8]);
  });

  test("do not change as the window moves on", () => {
    const later = consolidated(series(660, 60, values.slice(1), "average"), 4);
    expect({ ...later, values: [...later.values] }).toMatchObject({ startS: 720, values: [3, NONE, 7.5] });
  });

  test("may be one, of all; and as many as there are stay", () => {
    const one = consolidated(series(600, 60, values, "average"), 1);
    expect([one.startS, one.stepS, ...one.values]).toEqual([600, 480, 24 / 5]);
    const all = series(600, 60, values, "average");
    expect(consolidated(all, 8)).toBe(all);
  });
});

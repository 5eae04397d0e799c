import { describe, expect, test } from "vitest";
import type { Choice } from "../../model/choice.js";
import { HOUR_MS, WEEK_MS } from "../../time/duration.js";
import { AlarmLadder } from "../alarm-ladder.js";
import { type Characters, choose, type ExaminedSeries, thresholdsOf } from "./choose.js";
import { CURVES, PLACES } from "./curves.js";
import type { Smallest } from "./examine.js";
import type { Clean } from "./probe.js";

const STEP_MS = HOUR_MS;
const BUDGET = { episodes: 1, perMs: WEEK_MS };

/** The same at every curve and place, but for a little at each place. */
const found = (size: number): Smallest =>
  CURVES.map(({ grows }) =>
    Array.from({ length: PLACES }, (_, place) => (grows === "size" ? size : 2) * (1 + 0.01 * place)),
  );

function examined(series: number, family: number, residual: number): ExaminedSeries {
  const both = [found(family), found(residual)];
  return { series, smallest: both, compared: both };
}

function chosen(
  some: readonly ExaminedSeries[],
  traits: Characters["characters"][number]["trait"][],
  noisyFamily = false,
): Choice {
  const choice = choose({
    characters: traits.map((trait) => ({ trait, level: 10, spread: 2 })),
    short: new Set(),
    examined: some,
    candidates: [
      { name: "family", divisor: 1 },
      { name: "residual", divisor: 1 },
    ],
    noisy: [noisyFamily, false],
    budget: BUDGET,
    stepMs: STEP_MS,
  });
  if (choice === undefined) throw new Error("nothing was chosen");
  return choice;
}

describe("choose", () => {
  test("takes the first, cheaper one where both find as much, or hardly less", () => {
    const { series, unknown } = chosen([examined(0, 2, 2), examined(1, 2.1, 2)], ["steady", "steady", "steady"]);
    expect(series.map(({ detector }) => detector)).toEqual([0, 0, 0]);
    expect(unknown).toBe(0);
  });

  test("takes the one that surely finds more, for the series it was tried in and for those like them", () => {
    const some = [examined(0, 2, 2), examined(1, 16, 2), examined(3, 2, 2)];
    const { series } = chosen(some, ["steady", "spiky", "spiky", "steady", "noisy"]);
    expect(series.map(({ detector }) => detector)).toEqual([0, 1, 1, 0, 0]);
    expect(series.map(({ measured }) => measured)).toEqual([true, true, false, true, false]);
  });

  test("takes none that is noisy, however much it finds", () => {
    const { series, unknown } = chosen([examined(0, 2, 16), examined(1, 2, 2)], ["steady", "spiky", "noisy"], true);
    expect(series.map(({ detector }) => detector)).toEqual([1, 1, 1]);
    expect(unknown).toBe(1);
  });

  test("reports the size that all four places reach, which four in five of further ones will", () => {
    const [{ smallest }] = chosen([examined(0, 2, 2)], ["steady"]).series;
    CURVES.forEach(({ grows }, c) => {
      expect(smallest[c]).toBeCloseTo(grows === "size" ? 2.06 : 2.06 * STEP_MS, 3);
    });
  });

  test("reports none where an incident of the largest size was missed once", () => {
    const missed = found(2).map((places) => [Number.POSITIVE_INFINITY, ...places.slice(1)]);
    const one = { series: 0, smallest: [missed, missed], compared: [missed, missed] };
    expect(chosen([one], ["steady"]).series[0].smallest.every((size) => size === null)).toBe(true);
  });

  test("chooses nothing where nothing was tried", () => {
    expect(
      choose({ characters: [], short: new Set(), examined: [], candidates: [], noisy: [], budget: BUDGET, stepMs: 1 }),
    ).toBe(undefined);
  });
});

describe("thresholdsOf", () => {
  /** Seven days with an alarm of each height, one a day. */
  function clean(heights: readonly number[], runs = 0): Clean {
    const ladder = new AlarmLadder(STEP_MS);
    for (let i = 0; i < 7 * 24; i++)
      ladder.push(i, i * STEP_MS, i % 24 === 12 ? (heights[(i - 12) / 24] ?? 0) : 0, false);
    return { score: new Float32Array(), states: [], days: [...ladder], runs };
  }

  test("runs at 1 within the budget, and compares at as many alarms as the one with the fewest", () => {
    const series = [clean([1.5]), clean([3, 2, 0.9])];
    const { run, equal } = thresholdsOf([series], 2, { ...BUDGET, episodes: 2 });
    expect(run).toEqual([1, 1]);
    expect(equal[0]).toBe(1);
    expect(equal[1]).toBeGreaterThan(2);
    expect(equal[1]).toBeLessThan(3);
  });

  test("calls a candidate noisy whose silences and stalls alone are surely more than all alarms of another", () => {
    const noisy = (family: number, residual: number) =>
      thresholdsOf([[clean([1.5], family), clean([2], residual)]], 2, BUDGET).noisy;
    expect(noisy(25, 2)).toEqual([true, false]);
    expect(noisy(5, 2)).toEqual([false, false]);
    expect(noisy(25, 24)).toEqual([false, false]);
  });

  test("raises one that gives more alarms than the budget until it is kept, and makes none more sensitive", () => {
    const { run } = thresholdsOf([[clean([8, 7, 6, 5]), clean([0.5])]], 2, BUDGET);
    expect(run[0]).toBeGreaterThan(7);
    expect(run[0]).toBeLessThan(8);
    expect(run[1]).toBe(1);
  });
});

import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { DAY_MS, HOUR_MS } from "../time/duration.js";
import { FeatureMachine, featureNames, type View } from "./feature-machine.js";
import { planFeatures } from "./feature-plan.js";
import { quantise } from "./quantise.js";

const STEP_MS = HOUR_MS / 2;
const START_MS = Date.UTC(2025, 5, 30); // a Monday
const VIEWS: readonly View[] = ["recent", "seasonal"];
const plan = planFeatures(STEP_MS, 30 * DAY_MS, "UTC");

/** The row of the slot after `values`. */
function rowAfter(values: readonly number[], view: View, machine = new FeatureMachine(plan)) {
  for (const value of values) machine.push(quantise(value));
  const row = new Float32Array(featureNames(plan, view).length);
  const anchor = machine.anchor(view);
  machine.describe(view, START_MS + values.length * STEP_MS, anchor, row);
  const named = Object.fromEntries(featureNames(plan, view).map((name, i) => [name, row[i]]));
  return { anchor, row, named };
}

/** A value that shows its slot: no two of the ring are equal. */
const telling = (slots: number) => Array.from({ length: slots }, (_, i) => i / 8);

describe("the features of a series", () => {
  test("each name has a column and no name comes twice", () => {
    for (const view of VIEWS) expect(new Set(featureNames(plan, view)).size).toBe(featureNames(plan, view).length);
  });

  test("a week's lag is left out where two weeks do not support it", () => {
    expect(planFeatures(STEP_MS, 14 * DAY_MS, "UTC").lagsMs).toEqual([DAY_MS, 3 * DAY_MS]);
    expect(planFeatures(STEP_MS, 15 * DAY_MS, "UTC").lagsMs).toEqual([DAY_MS, 3 * DAY_MS, 7 * DAY_MS]);
  });

  test("lags are the value 24 h, 72 h and 7 d before the slot, relative to the mean of the last hour", () => {
    const slots = 8 * 48;
    const { anchor, named } = rowAfter(telling(slots), "recent");
    expect(anchor).toBe((slots - 1 + slots - 2) / 2 / 8);
    expect(named.last).toBeCloseTo((slots - 1) / 8 - anchor, 5);
    expect(named.lag_24h).toBeCloseTo((slots - 48) / 8 - anchor, 4);
    expect(named.lag_72h).toBeCloseTo((slots - 3 * 48) / 8 - anchor, 4);
    expect(named.lag_7d).toBeCloseTo((slots - 7 * 48) / 8 - anchor, 4);
  });

  test("change_24h is what the series did at this time yesterday", () => {
    const values = new Array(4 * 48).fill(0);
    values[3 * 48] = values[3 * 48 - 1] = values[3 * 48 + 1] = 2;
    expect(rowAfter(values, "recent").named.change_24h).toBeCloseTo(2 - 1, 5);
  });

  test("season_72h is the median of the same hour of three days, so one bad day does not count", () => {
    const values = new Array(4 * 48).fill(1);
    for (let i = 3 * 48 - 4; i < 3 * 48 + 4; i++) values[i] = 50;
    expect(rowAfter(values, "recent").named.season_72h).toBe(0);
    expect(rowAfter(values, "recent").named.lag_24h).toBe(49);
  });

  test("the hour and the weekday follow the zone, through the change to summer time", () => {
    const berlin = { ...plan, timezone: "Europe/Berlin" };
    const row = new Float32Array(featureNames(berlin, "recent").length);
    const clock = (timeMs: number) => {
      new FeatureMachine(berlin).describe("recent", timeMs, 0, row);
      return [...row.subarray(row.length - 2)];
    };
    // zoneinfo: 2025-03-30 00:30 UTC is Sunday 01:30 in Berlin, one hour later it is 03:30.
    expect(clock(Date.UTC(2025, 2, 30, 0, 30))).toEqual([1.5, 6]);
    expect(clock(Date.UTC(2025, 2, 30, 1, 30))).toEqual([3.5, 6]);
    expect(clock(Date.UTC(2025, 2, 30, 22, 30))).toEqual([0.5, 0]);
  });

  test("the anchor falls back from the last hour to the last day to the day before, and is NaN without any past", () => {
    expect(new FeatureMachine(plan).anchor("recent")).toBeNaN();
    const dayOld = [...new Array(48).fill(3), ...new Array(47).fill(Number.NaN)];
    expect(rowAfter([5, ...new Array(4).fill(Number.NaN)], "recent").anchor).toBe(5);
    expect(rowAfter(dayOld, "recent").anchor).toBe(3);
  });

  test("a saved and restored machine continues to the last bit, wherever it was saved", () => {
    const value = fc.oneof(fc.double({ min: -50, max: 50, noNaN: true }), fc.constant(Number.NaN));
    fc.assert(
      fc.property(fc.array(value, { minLength: 1, maxLength: 500 }), fc.nat(), (values, where) => {
        const cut = where % values.length;
        const first = new FeatureMachine(plan);
        for (const v of values.slice(0, cut)) first.push(quantise(v));
        const state = new Float64Array(first.stateLength);
        first.save(state, 0);
        const second = new FeatureMachine(plan);
        second.restore(state, 0);
        for (const view of VIEWS) {
          const rest = values.slice(cut);
          const whole = rowAfter(values, view);
          const a = new FeatureMachine(plan);
          a.restore(state, 0);
          for (const v of rest) a.push(quantise(v));
          const row = new Float32Array(whole.row.length);
          const anchor = a.anchor(view);
          a.describe(view, START_MS + values.length * STEP_MS, anchor, row);
          expect(anchor).toBe(whole.anchor);
          expect([...row]).toEqual([...whole.row]);
        }
      }),
      { numRuns: 30 },
    );
  });
});

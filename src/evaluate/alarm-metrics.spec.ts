import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { MINUTE_MS } from "../time/duration.js";
import { ALARM_RULES, alarmMetrics } from "./alarm-metrics.js";
import { alarmSummary } from "./alarm-summary.js";
import { labelledEvents } from "./events.js";
import { heldScore } from "./held.js";
import { roundHalfEven } from "./round-half-even.js";

/** A day of minutes: events and flagged slots at the places given. */
function day(flagged: readonly [number, number][], events: readonly [number, number][], ignoreSlots = 0) {
  const score = new Float64Array(1440);
  const label = new Uint8Array(1440);
  for (const [first, last] of flagged) score.fill(1, first, last + 1);
  for (const [first, last] of events) label.fill(1, first, last + 1);
  return { stepMs: MINUTE_MS, score, label, ignoreSlots };
}

describe("alarmMetrics", () => {
  test.each([
    ["nothing flagged, nothing wrong", day([], []), [0, 0, 0, 0]],
    [
      "flagged slots ten minutes apart are one alarm",
      day(
        [
          [100, 100],
          [110, 110],
        ],
        [],
      ),
      [0, 0, 1, 0],
    ],
    [
      "eleven minutes apart are two",
      day(
        [
          [100, 100],
          [111, 111],
        ],
        [],
      ),
      [0, 0, 2, 0],
    ],
    ["an alarm that stays on is counted every hour", day([[100, 279]], []), [0, 0, 3, 0]],
    ["two minutes before the start is early enough to be caught", day([[98, 98]], [[100, 110]]), [1, 1, 1, 1]],
    ["three minutes before is another alarm", day([[97, 97]], [[100, 110]]), [1, 0, 1, 0]],
    ["thirty minutes after the start is in time", day([[130, 130]], [[100, 200]]), [1, 1, 1, 1]],
    ["later is too late, and yet no false alarm", day([[131, 131]], [[100, 200]]), [1, 0, 1, 1]],
    ["after the end nothing is caught any more", day([[111, 111]], [[100, 110]]), [1, 0, 1, 1]],
    ["ten minutes after the end still belongs to it", day([[120, 120]], [[100, 110]]), [1, 0, 1, 1]],
    ["eleven minutes after it is false", day([[121, 121]], [[100, 110]]), [1, 0, 1, 0]],
    ["what lies in the ignored time does not count", day([[10, 20]], [[10, 20]], 60), [0, 0, 0, 0]],
    ["an event across the ignored time begins at its end", day([[60, 60]], [[10, 70]], 60), [1, 1, 1, 1]],
    ["an always-on alarm is caught out by the re-count", day([[0, 1439]], [[130, 140]]), [1, 1, 24, 1]],
  ])("%s", (_, series, [events, caught, alarms, trueAlarms]) => {
    expect(alarmMetrics(series)).toMatchObject({ events, caught, alarms, trueAlarms });
  });

  describe("labels as wide as hours", () => {
    const wide: readonly [number, number][] = [[200, 560]];
    const at = (slot: number, delayMs: number) =>
      alarmMetrics(day([[slot, slot]], wide), 1, { ...ALARM_RULES, delayMs });

    test.each([
      ["an alarm hours into the label is in time within the tolerance", 440, 240, [1, 0, 1]],
      ["and found later beyond it, which is no false alarm", 441, 240, [0, 1, 1]],
      ["by default half an hour is in time", 230, 30, [1, 0, 1]],
      ["a tolerance wider than the label ends with it", 571, 600, [0, 0, 0]],
    ])("%s", (_, slot, minutes, [caught, foundLater, trueAlarms]) => {
      expect(at(slot, minutes * MINUTE_MS)).toMatchObject({ caught, foundLater, trueAlarms });
    });
  });

  test("no slots, one slot and slots without score give no alarm", () => {
    const empty = { stepMs: MINUTE_MS, score: new Float64Array(0), label: new Uint8Array(0), ignoreSlots: 0 };
    expect(alarmMetrics(empty)).toMatchObject({ events: 0, alarms: 0, weeks: 0 });
    const one = { ...empty, score: Float64Array.of(Number.NaN), label: Uint8Array.of(1) };
    expect(alarmMetrics(one)).toMatchObject({ events: 1, caught: 0, alarms: 0 });
  });

  test("true and false alarms are all alarms, and a threshold that flags more catches no fewer events", () => {
    const slots = fc.array(fc.tuple(fc.double({ min: 0, max: 2, noNaN: true }), fc.boolean()), { maxLength: 400 });
    fc.assert(
      fc.property(slots, fc.double({ min: 0, max: 2, noNaN: true }), (rows, threshold) => {
        const series = {
          stepMs: MINUTE_MS,
          score: Float64Array.from(rows, ([score]) => score),
          label: Uint8Array.from(rows, ([, label]) => (label ? 1 : 0)),
          ignoreSlots: 0,
        };
        const high = alarmMetrics(series, threshold);
        expect(high.trueAlarms + high.falseAlarms).toBe(high.alarms);
        expect(alarmMetrics(series, threshold / 2).caught).toBeGreaterThanOrEqual(high.caught);
      }),
      { seed: 3 },
    );
  });
});

describe("alarmSummary", () => {
  test("without events nothing is said of recall and F1, and silence is perfect", () => {
    const quiet = alarmSummary([alarmMetrics(day([], []))]);
    expect(quiet).toMatchObject({ recall: null, eventF1: null, precision: 1, medianDelayMs: null });
    expect(alarmSummary([alarmMetrics(day([[5, 5]], []))]).precision).toBe(0);
  });
});

describe("labelledEvents", () => {
  test.each([
    ["empty", [], 0, []],
    ["one slot", [1], 0, [[0, 0]]],
    ["all", [1, 1, 1], 0, [[0, 2]]],
    [
      "from within",
      [1, 1, 0, 1],
      1,
      [
        [1, 1],
        [3, 3],
      ],
    ],
  ])("%s", (_, label, from, expected) => {
    expect(labelledEvents(Uint8Array.from(label), from).map(({ first, last }) => [first, last])).toEqual(expected);
  });
});

describe("heldScore", () => {
  test("is the maximum of the last slots, as looking at all of them says", () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: -1, max: 5 })), fc.integer({ min: 1, max: 9 }), (values, slots) => {
        const score = Float64Array.from(values);
        const slow = score.map((_, k) => Math.max(...score.subarray(Math.max(0, k - slots + 1), k + 1)));
        expect(heldScore(score, slots)).toEqual(slow);
      }),
      { seed: 4 },
    );
  });
});

describe("roundHalfEven", () => {
  // [round(x) for x in (0.4, 0.5, 1.5, 2.5, -0.5, -1.5, 2.51)] in Python 3
  test.each([
    [0.4, 0],
    [0.5, 0],
    [1.5, 2],
    [2.5, 2],
    [-1.5, -2],
    [2.51, 3],
  ])("%d is %d", (x, expected) => {
    expect(roundHalfEven(x)).toBe(expected);
  });
});

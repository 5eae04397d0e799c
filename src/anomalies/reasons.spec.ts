import { describe, expect, test } from "vitest";
import type { Cause } from "../detectors/detector.js";
import { DAY_MS } from "../time/duration.js";
import { kindOf } from "./kind.js";
import { DEFAULT_KNOBS } from "./knobs.js";
import { reasonsOf } from "./reasons.js";
import { emptyTrace, type Trace } from "./trace.js";

const STEP_MS = 20 * 60_000;
const DAY = 72;
const FIRST = 3 * DAY;
const noise = (i: number) => 0.4 * Math.sin(12.9898 * i) + 0.3 * Math.sin(4.1 * i);

/** Three days at a level of 10 and what follows; the band is from `lower` to `upper`, alarms are the slots that `alarms` says. */
function reasons(
  change: (i: number) => number,
  options: { slots?: number; alarms?: number; cause?: Cause; lower?: number; upper?: number } = {},
) {
  const { slots = 2 * DAY, cause = "band", lower = 8, upper = 12 } = options;
  const { alarms = slots } = options;
  const values = Float64Array.from({ length: FIRST + slots }, (_, i) => (i < FIRST ? 10 + noise(i) : change(i)));
  const series = { name: "s", labels: {}, startMs: 20_000 * DAY_MS, stepMs: STEP_MS, values };
  const fill = (value: number) => new Float64Array(values.length).fill(value);
  const trace: Trace = {
    ...emptyTrace(series),
    score: Float64Array.from(values, (_, i) => (i < FIRST ? 0 : i === FIRST ? 2.5 : 1.5)),
    expected: fill(10),
    lower: fill(lower),
    upper: fill(upper),
    cause: Array.from(values, () => cause),
    explained: new Map(),
  };
  const episode = { first: FIRST, last: FIRST + alarms - 1, alarms };
  const kind = kindOf(trace, episode);
  return { kind, reasons: reasonsOf(trace, episode, { kind, peak: FIRST, latest: Number.NaN }, DEFAULT_KNOBS) };
}

describe("the first reason", () => {
  test.each([
    ["is the multiple of the limit that was passed", () => 36, {}, "3× the upper limit"],
    ["is the share of the lower limit", () => 2, {}, "0.25× the lower limit"],
    ["is the distance where the limit is at 0 or below", () => -3, { lower: -1 }, "2 below the lower limit"],
    ["is the distance where the multiple says nothing", () => 12.3, {}, "0.3 above the upper limit"],
    [
      "is the score where the value is inside of the limits",
      () => 11,
      { cause: "shift" as Cause },
      "the last hour lies above its usual, 2.5× what is tolerated",
    ],
    [
      "names news and the limit",
      () => 36,
      { cause: "novelty" as Cause },
      "the largest rise that is remembered of this series, 3× the upper limit",
    ],
  ])("%s", (_, change, options, words) => {
    expect(reasons((i) => change() + (i === FIRST ? 0 : 0.001 * noise(i)), options).reasons[0]).toBe(words);
  });

  test("of a drop of two days says so, though the alarm came from a gap of two hours in it", () => {
    const gap = (i: number) => (i >= FIRST + 40 && i < FIRST + 46 ? Number.NaN : 0);
    expect(reasons(gap, { cause: "silence" })).toMatchObject({
      kind: "drop",
      reasons: ["zero for 48h", "no value for 2h"],
    });
  });

  test("of a silence is its whole length, though the alarms ended before", () => {
    expect(reasons(() => Number.NaN, { cause: "silence", alarms: 6 })).toEqual({
      kind: "silence",
      reasons: ["no value for 48h"],
    });
  });

  test("of a stall is its value and length, whichever rule saw it", () => {
    const before = 10 + noise(FIRST - 1);
    expect(reasons(() => before, { slots: 12, upper: 9 })).toMatchObject({ kind: "stall" });
    expect(reasons(() => before, { slots: 12, upper: 9 }).reasons[0]).toMatch(/^stuck at [\d.]+ for 4h20m$/);
  });

  test("of a spike that is flat at three times the level is no word of being stuck", () => {
    expect(reasons((i) => (i < FIRST + 9 ? 30 : 10 + noise(i)), { alarms: 9 })).toMatchObject({
      kind: "spike",
      reasons: [
        "2.5× the upper limit",
        "stuck at 30 for 3h",
        expect.stringContaining("24 h ago"),
        expect.stringContaining("72 h ago"),
      ],
    });
  });
});

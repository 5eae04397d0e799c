import { describe, expect, test } from "vitest";
import { DAY_MS } from "../time/duration.js";
import { kindOf } from "./kind.js";
import { emptyTrace, type Trace } from "./trace.js";

const STEP_MS = 20 * 60_000;
const SLOTS = 144;
const FIRST = 72;
const noise = (i: number) => 0.4 * Math.sin(12.9898 * i) + 0.3 * Math.sin(4.1 * i);

/** A level of 10 with some noise and something put in from slot 72 on; what is expected is 10, or `expected`. */
function traceOf(
  change: (i: number) => number,
  cause: Trace["cause"][number] = "band",
  expected?: (i: number) => number,
): Trace {
  const values = Float64Array.from({ length: SLOTS }, (_, i) => (i < FIRST ? 10 + noise(i) : change(i)));
  const fill = (value: number) => new Float64Array(SLOTS).fill(value);
  const series = { name: "s", labels: {}, startMs: 20_000 * DAY_MS, stepMs: STEP_MS, values };
  return {
    ...emptyTrace(series),
    score: Float64Array.from({ length: SLOTS }, (_, i) => (i < FIRST ? 0 : 2)),
    expected: Float64Array.from({ length: SLOTS }, (_, i) => expected?.(i) ?? 10),
    lower: fill(8),
    upper: fill(12),
    cause: Array.from({ length: SLOTS }, () => cause),
    explained: new Map(),
  };
}
const kind = (trace: Trace, slots: number, first = FIRST) =>
  kindOf(trace, { first, last: first + slots - 1, alarms: slots });

describe("the shape of an episode", () => {
  test.each([
    ["an hour up", "spike", traceOf((i) => (i < FIRST + 3 ? 30 : 10) + noise(i)), 3],
    [
      "a burst of three hours at three times the level",
      "spike",
      traceOf((i) => (i < FIRST + 9 ? 30 : 10) + noise(i)),
      9,
    ],
    ["the same without any noise in it", "spike", traceOf((i) => (i < FIRST + 9 ? 30 : 10 + noise(i))), 9],
    [
      "the same, of which only the first slots alarmed",
      "spike",
      traceOf((i) => (i < FIRST + 9 ? 30 : 10 + noise(i))),
      2,
    ],
    ["half as much again for three hours", "level_shift", traceOf((i) => (i < FIRST + 9 ? 15 : 10) + noise(i)), 9],
    ["a new level", "level_shift", traceOf((i) => 30 + noise(i)), 24],
    ["a level far below", "level_shift", traceOf((i) => 4 + noise(i)), 24],
    ["a ramp", "drift", traceOf((i) => 10 + (i - FIRST) * 0.8 + noise(i)), 24],
    ["a ramp of which only the last hour alarmed", "drift", traceOf((i) => 10 + (i - FIRST + 9) * 0.8 + noise(i)), 3],
    ["a ramp of which only one early slot alarmed", "drift", traceOf((i) => 10 + (i - FIRST + 3) * 0.8 + noise(i)), 1],
    ["a ramp down", "drift", traceOf((i) => 10 - (i - FIRST) * 0.3 + noise(i)), 24],
    ["zeros", "drop", traceOf(() => 0, "zero"), 12],
    ["next to nothing", "drop", traceOf((i) => 0.1 + 0.01 * noise(i)), 12],
    ["zeros by another rule than that of zeros", "drop", traceOf(() => 0), 12],
    ["one value again and again", "stall", traceOf(() => 10.5, "stall"), 24],
    ["no value", "silence", traceOf(() => Number.NaN, "silence"), 12],
    ["both ways in turns", "variance", traceOf((i) => 10 + (i % 2 === 0 ? 8 : -8)), 24],
  ] as const)("%s is a %s", (_, expected, trace, slots) => {
    expect(kind(trace, slots)).toBe(expected);
  });

  test("a shift that is found an hour late, while what is expected has followed it, is no drift", () => {
    const follows = (i: number) => (i < FIRST + 3 ? 10 : Math.min(10, 5.2 + (i - FIRST - 3) * 0.25));
    const trace = traceOf((i) => 4 + 0.5 * noise(i), "band", follows);
    expect(kind(trace, 24, FIRST + 3)).toBe("level_shift");
    // The same deviations without a step before them are one.
    const crept = traceOf((i) => 10 - (i - FIRST) * 0.25 + 0.2 * noise(i));
    expect(kind(crept, 24, FIRST + 3)).toBe("drift");
  });

  test("the way back from a drift that nothing else found is the drift", () => {
    const trace = traceOf((i) => (i < FIRST + 30 ? 10 + (i - FIRST) * 0.4 : 10) + noise(i));
    expect(kind(trace, 3, FIRST + 30)).toBe("drift");
    const shifted = traceOf((i) => (i < FIRST + 30 ? 15 : 10) + noise(i));
    expect(kind(shifted, 3, FIRST + 30)).toBe("level_shift");
  });

  test("gaps before the episode are no step", () => {
    const trace = traceOf((i) => 10 + (i - FIRST) * 0.8);
    trace.series.values.fill(Number.NaN, FIRST - 10, FIRST);
    expect(kind(trace, 24)).toBe("drift");
  });
});

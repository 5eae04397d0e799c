/* Longer than most: one family of series, described once, serves all states and records. */
import { describe, expect, test } from "vitest";
import { DEFAULT_TRAINING, trainModel } from "../detectors/family/fit/train.js";
import { openModel } from "../detectors/family/learned.js";
import { WAVE_SLOTS_A_DAY, WAVE_START_MS, WAVE_STEP_MS, wave } from "../detectors/testing/wave.js";
import { endMs, type Series } from "../series/series.js";
import { DAY_MS, HOUR_MS } from "../time/duration.js";
import { formatUtc } from "../time/format.js";
import { detect } from "./detect.js";
import type { DetectRequest } from "./detect-request.js";
import { DEFAULT_KNOBS, type Knobs } from "./knobs.js";
import { testOrigin } from "./testing/origin.js";

const { model, inventory, unit } = trainModel(
  [1, 2, 3, 4, 5, 6].map((seed) => wave(28, seed)),
  { ...DEFAULT_TRAINING, rows: 20_000 },
);
const detector = openModel(model, undefined, inventory);
const AT = 10 * WAVE_SLOTS_A_DAY + 20;
const timeOf = (slot: number) => WAVE_START_MS + slot * WAVE_STEP_MS;

/** Twelve days of series m1 with something put in. */
function incident(change: (values: Float64Array) => void, days = 12): Series {
  const fresh = { ...wave(days, 77), name: "wave.m1", labels: { machine: "m1", aggregator: "wave" } };
  change(fresh.values);
  return fresh;
}

function run(series: Series, knobs: Partial<Knobs> = {}, more: Partial<DetectRequest> = {}) {
  return detect({
    inventory,
    unit,
    detector,
    origin: testOrigin(),
    series: [series],
    problems: [],
    fromMs: WAVE_START_MS,
    untilMs: endMs(series),
    knobs: { ...DEFAULT_KNOBS, ...knobs },
    detectedAtMs: endMs(series),
    known: [],
    targetOf: (s) => s.name,
    ...more,
  });
}

/** Rewrites the values of some slots. */
const rewrite =
  (from: number, slots: number, change: (value: number, i: number) => number) => (values: Float64Array) => {
    for (let i = from; i < Math.min(from + slots, values.length); i++) values[i] = change(values[i], i);
  };

const fiveFold = incident((values) => values.fill(50, AT, AT + 3));

describe("detect", () => {
  test("an incident is one record that holds when, how far and why", () => {
    const { records, statuses } = run(fiveFold);
    expect(records).toHaveLength(1);
    const [record] = records;
    expect(record).toMatchObject({
      schema: "anomaly/1",
      machine: "m1",
      aggregator: "wave",
      kind: "spike",
      direction: "up",
      severity: "critical",
      status: "closed",
      start: formatUtc(timeOf(AT)),
      alerted_at: formatUtc(timeOf(AT + 1)),
      end: formatUtc(timeOf(AT + 3)),
      duration_s: 3600,
      points: 3,
      step_s: 1200,
      observed: 50,
      model: "test",
      target: "wave.m1",
    });
    expect(record.score).toBeGreaterThan(4);
    expect(record.upper).toBeLessThan(50);
    expect(Number.parseFloat(record.reasons[0])).toBeCloseTo(50 / (record.upper ?? 0), 1);
    expect(record.reasons[0]).toMatch(/^[\d.]+× the upper limit$/);
    expect(record.reasons.join("; ")).toMatch(/× the value 24 h ago; [\d.]+× the value 72 h ago$/);
    expect(Object.keys(record).slice(1, 5)).toEqual(["machine", "aggregator", "timestamp", "severity"]);
    expect(statuses[0].state).toBe("ok");
  });

  test("the same data gives the same records", () => {
    expect(run(fiveFold).records).toEqual(run(fiveFold).records);
  });

  test("an episode that continues keeps its id and its start when an earlier run knew it", () => {
    const growing = (slots: number) => incident((values) => values.fill(50, AT, AT + slots), 11);
    const early = { ...growing(3), values: growing(3).values.subarray(0, AT + 3) };
    const first = run(early).records[0];
    expect(first.status).toBe("open");
    // A later run whose history begins inside the episode would place its start elsewhere.
    const later = growing(12);
    const cut = { ...later, startMs: timeOf(AT - 100), values: later.values.subarray(AT - 100) };
    const again = run(cut, {}, { known: [first] }).records[0];
    expect(again.id).toBe(first.id);
    expect(again.start).toBe(first.start);
    expect(again.alerted_at).toBe(first.alerted_at);
    expect(again.points).toBeGreaterThan(first.points);
  });

  test("an episode keeps its first alarm when that has left the fetched history", () => {
    const growing = incident((values) => values.fill(50, AT, AT + 12), 11);
    const [whole] = run(growing).records;
    const known = { ...whole, alerted_at: formatUtc(timeOf(AT - 1)) };
    expect(run(growing, {}, { known: [known] }).records[0].alerted_at).toBe(known.alerted_at);
    const { alerted_at: _, ...older } = known;
    expect(run(growing, {}, { known: [older] }).records[0].alerted_at).toBe(whole.alerted_at);
  });

  test("another episode gets another id", () => {
    const two = incident((values) => {
      values.fill(50, AT - 60, AT - 57);
      values.fill(50, AT, AT + 3);
    });
    const ids = run(two).records.map((record) => record.id);
    expect(ids).toHaveLength(2);
    expect(new Set(ids).size).toBe(2);
  });

  test.each([
    ["spike", (v: Float64Array) => v.fill(40, AT, AT + 2), "up"],
    ["drop", (v: Float64Array) => v.fill(0, AT, AT + 9), "down"],
    ["level_shift", rewrite(AT, 30, (x) => x + 9), "up"],
    ["drift", rewrite(AT, 40, (x, i) => x + (i - AT) * 0.5), "up"],
    ["silence", (v: Float64Array) => v.fill(Number.NaN, AT, AT + 9), "none"],
    ["variance", rewrite(AT, 30, (x, i) => x + (i % 2 ? 8 : -8)), null],
  ])("shows the kind: %s", (kind, change, direction) => {
    const { records } = run(incident(change));
    expect(records.map((record) => record.kind)).toEqual([kind]);
    if (direction !== null) expect(records[0].direction).toBe(direction);
  });

  test("a silence began with its first missing slot, and was alerted later", () => {
    const [record] = run(incident((values) => values.fill(Number.NaN, AT, AT + 9))).records;
    expect(record.start).toBe(formatUtc(timeOf(AT)));
    expect(record.alerted_at).toBe(formatUtc(timeOf(AT + 3)));
    expect(record.reasons).toEqual(["no value for 3h"]);
  });

  test("a stuck value is a stall, and says for how long", () => {
    const { records } = run(incident((values) => values.fill(values[AT - 24], AT - 24, AT - 14)));
    expect(records).toHaveLength(1);
    expect(records[0].kind).toBe("stall");
    expect(records[0].reasons.join("; ")).toMatch(/stuck at [\d.]+ for/);
  });

  test("each knob holds back what it should and nothing else", () => {
    const count = (knobs: Partial<Knobs>) => run(fiveFold, knobs).records.length;
    expect(count({ direction: "up" })).toBe(1);
    expect(count({ direction: "down" })).toBe(0);
    expect(count({ minDeviation: 30 })).toBe(1);
    expect(count({ minDeviation: 45 })).toBe(0);
    expect(count({ minRelativeDeviation: 2 })).toBe(1);
    expect(count({ minRelativeDeviation: 10 })).toBe(0);
    expect(count({ floor: 49 })).toBe(1);
    expect(count({ floor: 51 })).toBe(0);
    expect(count({ minDurationMs: HOUR_MS })).toBe(1);
    expect(count({ minDurationMs: 2 * HOUR_MS })).toBe(0);
  });

  test("alarms closer than the merge gap are one episode", () => {
    const pair = incident((values) => {
      values.fill(50, AT, AT + 2);
      values.fill(50, AT + 4, AT + 6);
    });
    expect(run(pair, { mergeGapMs: HOUR_MS }).records).toHaveLength(1);
    expect(run(pair, { mergeGapMs: 0 }).records).toHaveLength(2);
  });

  test("only episodes that touch the window are reported", () => {
    expect(run(fiveFold, {}, { fromMs: timeOf(AT + 2) }).records).toHaveLength(1);
    expect(run(fiveFold, {}, { fromMs: timeOf(AT + 3) }).records).toHaveLength(0);
  });

  test("a lag metric past 24 h and 72 h is level 1 and 2, whatever the model says", () => {
    const hours = (value: number) =>
      run(
        incident((values) => values.fill(value, AT, AT + 2)),
        { latenessUnitMs: HOUR_MS },
      ).records;
    expect(hours(30)[0]).toMatchObject({
      kind: "lateness",
      reasons: expect.arrayContaining(["30 h behind, past 24 h (level 1)"]),
    });
    // A silence inside the episode scores higher than the lag, and must not hide it.
    const broken = incident((values) => {
      values.fill(30, AT, AT + 12);
      values.fill(Number.NaN, AT + 2, AT + 10);
    });
    expect(run(broken, { latenessUnitMs: HOUR_MS }).records[0]).toMatchObject({
      kind: "lateness",
      reasons: expect.arrayContaining(["30 h behind, past 24 h (level 1)"]),
    });
    expect(hours(80)[0]).toMatchObject({
      severity: "critical",
      reasons: expect.arrayContaining(["80 h behind, past 72 h (level 2)"]),
    });
  });

  test.each([
    ["ok", (v: Float64Array) => v],
    ["anomalous", (v: Float64Array) => v.fill(50, v.length - 3)],
    ["gap", (v: Float64Array) => v.fill(Number.NaN, v.length - 1)],
    ["anomalous", (v: Float64Array) => v.fill(Number.NaN, v.length - 12)],
    ["no_data", (v: Float64Array) => v.fill(Number.NaN)],
  ])("is in state %s", (state, change) => {
    expect(run(incident(change)).statuses[0].state).toBe(state);
  });

  test("a series shorter than a day is warming, never ok", () => {
    const short = incident(() => {}, 1);
    const { statuses, records } = run({ ...short, values: short.values.subarray(0, 40) });
    expect(statuses[0]).toMatchObject({
      state: "warming",
      reason: "less than 24h of history; ready at 2025-06-03T00:00Z",
    });
    expect(records).toEqual([]);
  });

  test("a series the model does not know is scored by its own scale, or skipped, or warming", () => {
    const stranger = {
      ...incident(rewrite(0, Number.POSITIVE_INFINITY, (x) => x * 1000)),
      labels: { machine: "new", aggregator: "wave" },
    };
    stranger.values.fill(60_000, AT, AT + 3);
    expect(run(stranger).records).toHaveLength(1);
    expect(run(stranger, { unknown: "skip" }).statuses[0].state).toBe("unknown_series");
    expect(run({ ...stranger, values: stranger.values.subarray(0, 100) }).statuses[0].state).toBe("warming");
  });

  test("a series of another step is failed with both steps named, and a failed fetch stays failed", () => {
    const { statuses } = run(
      { ...fiveFold, stepMs: 60_000 },
      {},
      {
        problems: [
          {
            labels: { machine: "m9", aggregator: "wave" },
            expression: "wave.m9",
            kind: "failed",
            reason: "time-out after 30 s",
          },
        ],
      },
    );
    expect(statuses[0]).toMatchObject({
      state: "failed",
      reason: expect.stringContaining("its step is 1m, the model's is 20m"),
    });
    expect(statuses[1]).toMatchObject({ machine: "m9", state: "failed", reason: "time-out after 30 s" });
  });

  test("slots after now are not looked at", () => {
    expect(run(fiveFold, {}, { untilMs: timeOf(AT) }).records).toEqual([]);
    expect(run(fiveFold, {}, { untilMs: timeOf(AT + 1) }).records).toHaveLength(1);
    expect(formatUtc(timeOf(0) + 12 * DAY_MS)).toBe("2025-06-14T00:00:00Z");
  });
});

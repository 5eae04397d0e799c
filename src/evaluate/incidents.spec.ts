import { describe, expect, test } from "vitest";
import { InputError } from "../errors/errors.js";
import type { AnomalyRecord } from "../records/record.js";
import { RECORD_SCHEMA } from "../records/record.js";
import type { Incident } from "../simulate/incident.js";
import { formatUtc } from "../time/format.js";
import { judgeIncidents } from "./incidents.js";
import { parseTruth } from "./truth.js";

const MINUTE = 60_000;
const T0 = Date.parse("2025-07-01T00:00:00Z");

function incident(kind: Incident["kind"], fromMinute: number, toMinute: number, machine = "m1"): Incident {
  return { machine, aggregator: "a", kind, startMs: T0 + fromMinute * MINUTE, endMs: T0 + toMinute * MINUTE };
}

function record(kind: AnomalyRecord["kind"], fromMinute: number, toMinute: number, machine = "m1"): AnomalyRecord {
  const start = formatUtc(T0 + fromMinute * MINUTE);
  return {
    schema: RECORD_SCHEMA,
    machine,
    aggregator: "a",
    timestamp: start,
    severity: "high",
    id: `${machine}-${fromMinute}`,
    kind,
    series: `${machine}.a`,
    target: `${machine}.a`,
    labels: { machine, aggregator: "a" },
    start,
    alerted_at: formatUtc(T0 + fromMinute * MINUTE + 600_000),
    end: formatUtc(T0 + toMinute * MINUTE),
    status: "closed",
    duration_s: (toMinute - fromMinute) * 60,
    points: (toMinute - fromMinute) / 10,
    step_s: 600,
    score: 2,
    observed: 1,
    expected: 0,
    lower: 0,
    upper: 0.5,
    direction: "up",
    reasons: [],
    unit: null,
    model: "test",
    model_version: null,
    detector: "family",
    threshold: null,
    threshold_divisor: null,
    detected_at: start,
  };
}

describe("judgeIncidents", () => {
  test("without incidents and records nothing is claimed", () => {
    expect(judgeIncidents([], [], { toleranceMs: 0 })).toEqual({
      incidents: 0,
      found: 0,
      recall: null,
      alarms: 0,
      precision: null,
      falseAlarms: 0,
      medianDelayMs: null,
      kindRight: 0,
      byKind: {},
    });
  });

  test("a record that overlaps finds its incident; its delay runs to the end of its first slot", () => {
    const judged = judgeIncidents([record("spike", 110, 130)], [incident("spike", 100, 130)], { toleranceMs: 0 });
    expect(judged).toMatchObject({ found: 1, recall: 1, alarms: 1, precision: 1, falseAlarms: 0, kindRight: 1 });
    expect(judged.medianDelayMs).toBe(20 * MINUTE);
  });

  test("intervals that only touch do not match, and do with a tolerance", () => {
    const records = [record("spike", 130, 140), record("spike", 80, 100)];
    const truth = [incident("spike", 100, 130)];
    expect(judgeIncidents(records, truth, { toleranceMs: 0 })).toMatchObject({ found: 0, falseAlarms: 2 });
    expect(judgeIncidents(records, truth, { toleranceMs: MINUTE })).toMatchObject({ found: 1, falseAlarms: 0 });
  });

  test("a record that began before the incident has no negative delay", () => {
    const judged = judgeIncidents([record("spike", 50, 130)], [incident("spike", 100, 130)], { toleranceMs: 0 });
    expect(judged.medianDelayMs).toBe(0);
  });

  test("another machine's record is a false alarm", () => {
    const judged = judgeIncidents([record("spike", 100, 130, "m2")], [incident("spike", 100, 130)], { toleranceMs: 0 });
    expect(judged).toMatchObject({ found: 0, recall: 0, precision: 0, falseAlarms: 1, medianDelayMs: null });
  });

  test("two records of one incident are both right, and the first gives the delay", () => {
    const records = [record("level_shift", 160, 200), record("spike", 120, 130)];
    const judged = judgeIncidents(records, [incident("level_shift", 100, 200)], { toleranceMs: 0 });
    expect(judged).toMatchObject({ incidents: 1, found: 1, alarms: 2, precision: 1, kindRight: 1 });
    expect(judged.medianDelayMs).toBe(30 * MINUTE);
  });

  test("each kind is counted apart, and the median of an even number lies between the two", () => {
    const truth = [incident("spike", 0, 40), incident("spike", 100, 140), incident("silence", 200, 300)];
    const records = [record("spike", 0, 20), record("drop", 120, 130)];
    const judged = judgeIncidents(records, truth, { toleranceMs: 0 });
    expect(judged.recall).toBeCloseTo(2 / 3, 12);
    expect(judged.byKind).toEqual({
      spike: { incidents: 2, found: 2, kindRight: 1, medianDelayMs: 20 * MINUTE },
      silence: { incidents: 1, found: 0, kindRight: 0, medianDelayMs: null },
    });
  });
});

describe("parseTruth", () => {
  test("reads what simulate writes", () => {
    const truth = [incident("drop", 0, 10)];
    expect(parseTruth(JSON.stringify(truth), "truth.json")).toEqual(truth);
  });

  test.each([
    ["{", "truth.json is not JSON"],
    ["{}", "truth.json is not a list of incidents"],
    [JSON.stringify([{ ...incident("drop", 0, 10), kind: "flood" }]), "at 0.kind"],
    [JSON.stringify([incident("drop", 10, 10)]), "startMs must be before endMs"],
  ])("refuses %s in one sentence", (text, message) => {
    expect(() => parseTruth(text, "truth.json")).toThrow(InputError);
    expect(() => parseTruth(text, "truth.json")).toThrow(message);
  });
});

import { describe, expect, test } from "vitest";
import { testRecord } from "../records/testing/record.js";
import { endedSilence } from "./ended-silence.js";

const silence = testRecord({ kind: "silence", observed: null, reasons: ["no value for 1h"] });
const NONE = Number.NaN;
/** Slots of 20 minutes from an hour before the silence begins, which is from 10:00 to 11:00. */
const series = (...values: readonly number[]) => ({
  name: "n1.a",
  labels: silence.labels,
  startMs: Date.parse("2025-07-01T09:00:00Z"),
  stepMs: 1_200_000,
  values: Float64Array.from(values),
});

describe("an open silence", () => {
  test("ends where values begin that have come since", () => {
    expect(endedSilence(silence, series(1, 1, 1, NONE, 2, 2))).toMatchObject({
      id: silence.id,
      start: "2025-07-01T10:00:00Z",
      end: "2025-07-01T10:20:00Z",
      status: "closed",
      duration_s: 1200,
      points: 1,
      reasons: ["no value for 20m"],
    });
  });

  test("has no length where values cover all of it", () => {
    expect(endedSilence(silence, series(1, 1, 1, 2, 2, 2))).toMatchObject({
      end: silence.start,
      status: "closed",
      duration_s: 0,
      points: 0,
      reasons: ["values have come for all of its time"],
    });
  });

  test("keeps its length where the values come after it", () => {
    const later = { ...series(1), startMs: Date.parse("2025-07-01T12:00:00Z") };
    expect(endedSilence(silence, later)).toMatchObject({ end: silence.end, status: "closed", duration_s: 3600 });
  });

  test("continues while nothing has come, and other records are left alone", () => {
    expect(endedSilence(silence, series(1, 1, 1, NONE, NONE))).toBeUndefined();
    expect(endedSilence(testRecord(), series(1, 1, 1, 1))).toBeUndefined();
    expect(endedSilence({ ...silence, status: "closed" }, series(1, 1, 1, 1))).toBeUndefined();
  });
});

import { expect, test } from "vitest";
import { testRecord } from "../records/testing/record.js";
import { DAY_MS, HOUR_MS } from "../time/duration.js";
import { recordBands } from "./record-bands.js";

const STEP_MS = 1_200_000;
/** 30 March 2025, 01:00 UTC: clocks in Berlin go from 02:00 to 03:00. */
const CHANGE_MS = Date.UTC(2025, 2, 30, 1);

test("the band of a record found without a model keeps the days of the time zone across a change of the clock", async () => {
  const startMs = Date.UTC(2025, 2, 8);
  const range = { startMs: Date.UTC(2025, 2, 31, 4), endMs: Date.UTC(2025, 2, 31, 10) };
  // Busy from 08:00 to 18:00 on the clocks of Berlin, with a little noise that is the same in every run.
  const values = Float64Array.from({ length: (range.endMs - startMs) / STEP_MS }, (_, slot) => {
    const atMs = startMs + slot * STEP_MS;
    const hour = ((atMs + (atMs < CHANGE_MS ? HOUR_MS : 2 * HOUR_MS)) % DAY_MS) / HOUR_MS;
    return (hour >= 8 && hour < 18 ? 10 : 1) + 0.3 * Math.sin(slot * 12.9898);
  });
  const series = { name: "n1.a", labels: { machine: "n1", aggregator: "a" }, startMs, stepMs: STEP_MS, values };
  const record = testRecord({ detector: "residual", model: "default+residual", model_version: null, threshold: "own" });
  const outside = async (timezone: string | undefined) => {
    const places = { folder: "no-models-here", name: undefined, isRequired: false };
    const { bandFor } = await recordBands([record], places, () => {}, timezone);
    const band = bandFor(record)?.band(series, range);
    const first = (range.startMs - startMs) / STEP_MS;
    return Array.from(band?.expected ?? []).filter(
      (_, i) => values[first + i] > (band?.upper[i] ?? 0) || values[first + i] < (band?.lower[i] ?? 0),
    ).length;
  };
  expect(await outside("Europe/Berlin")).toBe(0);
  // From 06:00 to 07:00 UTC it is an hour early for whoever keeps UTC.
  expect(await outside(undefined)).toBeGreaterThan(0);
});

import { expect, test } from "vitest";
import { loadDetector } from "../detectors/registry.js";
import { wave } from "../detectors/testing/wave.js";
import { EMPTY_INVENTORY } from "../series/inventory.js";
import { endMs } from "../series/series.js";
import { MINUTE_MS } from "../time/duration.js";
import { detect } from "./detect.js";
import { DEFAULT_KNOBS } from "./knobs.js";
import { testOrigin } from "./testing/origin.js";

test("what a detector says that happened is a reason of the record, behind the first", async () => {
  const stepMs = 10 * MINUTE_MS;
  const series = wave(14, 12, stepMs);
  const daySlots = 144;
  for (let i = 13.4 * daySlots; i < series.values.length; i++) series.values[Math.floor(i)] += 2;
  const settings = { stepMs, timezone: "UTC", silenceAfterMs: null, divisor: 1 };
  const { records } = detect({
    ...{ inventory: EMPTY_INVENTORY, unit: null, origin: testOrigin(), series: [series], problems: [], known: [] },
    detector: (await loadDetector("decomposition")).open(null, EMPTY_INVENTORY, settings),
    fromMs: endMs(series) - daySlots * stepMs,
    untilMs: endMs(series),
    detectedAtMs: endMs(series),
    knobs: DEFAULT_KNOBS,
    targetOf: ({ name }) => name,
  });
  const { reasons } = records[0];
  expect(reasons[0]).not.toMatch(/^level changed/);
  expect(reasons[1]).toMatch(/^level changed at 2025-06-15 09:[0-5]0 from [\d.]+ to [\d.]+$/);
});

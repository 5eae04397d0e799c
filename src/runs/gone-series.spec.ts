import { expect, test } from "vitest";
import { DEFAULT_KNOBS } from "../anomalies/knobs.js";
import { runPaused } from "../anomalies/trace.js";
import { loadDetector, WITHOUT_MODEL } from "../detectors/registry.js";
import { createInventory } from "../series/inventory.js";
import { DAY_MS, MINUTE_MS } from "../time/duration.js";
import { silencesOfGone } from "./gone-series.js";

const UNTIL = Date.UTC(2025, 6, 2);

test.each([1, 5, 20, 60])(
  "a series that is gone is one open silence, without a model too, at steps of %d minutes",
  async (minutes) => {
    const labels = { machine: "n1", aggregator: "a" };
    const inventory = createInventory([{ name: "n1.a", labels }]);
    const settings = { stepMs: minutes * MINUTE_MS, timezone: "UTC", silenceAfterMs: null, divisor: 1 };
    const request = {
      inventory,
      detector: (await loadDetector(WITHOUT_MODEL)).open(null, inventory, settings),
      unit: null,
      origin: {
        ...{ job: null, detector: WITHOUT_MODEL, model: "m", model_version: null },
        ...{ threshold: "own", threshold_divisor: 1 },
      },
      ...{ fromMs: UNTIL - DAY_MS, untilMs: UNTIL, detectedAtMs: UNTIL, knobs: DEFAULT_KNOBS, known: [] },
      targetOf: () => "n1.a",
    };
    const problem = { labels, expression: "n1.a", kind: "no_data", reason: "gone" } as const;
    expect(runPaused(silencesOfGone(request, [problem]))).toMatchObject([
      { machine: "n1", kind: "silence", status: "open" },
    ]);
    expect(runPaused(silencesOfGone(request, [{ ...problem, kind: "failed" }]))).toEqual([]);
  },
);

import { emptySlot } from "../../dist/detectors/detector.js";
import { loadDetector } from "../../dist/detectors/registry.js";
import { EMPTY_INVENTORY } from "../../dist/series/inventory.js";
import { packDoubles } from "../../dist/watch/pack-doubles.js";

/** Bytes that a scorer which has seen the series is kept in between two runs; null for what needs a model. */
export async function checkpointBytes(method, series) {
  const detector = await loadDetector(method);
  if (detector.loadFit !== undefined) return null;
  const { startMs, stepMs, values } = series;
  const settings = { stepMs, timezone: "UTC", silenceAfterMs: null, divisor: 1 };
  const opened = detector.open(null, EMPTY_INVENTORY, settings);
  const scorer = opened.open(opened.describe(series));
  const slot = emptySlot();
  values.forEach((value, i) => {
    scorer.push(startMs + i * stepMs, value, slot);
  });
  const state = scorer.save();
  return state instanceof Float64Array ? packDoubles(state).length : state.length;
}

import { emptySlot } from "../detectors/detector.js";
import type { Detector } from "../detectors/kind.js";
import { normal, seededRandom } from "../math/random.js";
import { EMPTY_INVENTORY } from "../series/inventory.js";
import { DAY_MS, MINUTE_MS } from "../time/duration.js";

/** What a detector that needs no model costs for a series. */
export interface DetectorCost {
  /** Median time of a slot, microseconds, on this machine. */
  readonly slot_us: number;
  readonly checkpoint_bytes: number;
  readonly step_s: number;
}

const WARM_UP_DAYS = 2;
const ROUNDS = 9;
const ROUND_SLOTS = 500;
const START_MS = Date.UTC(2025, 0, 6);

/** Scores two days and some of a daily wave, and times the slots after that. */
export function detectorCost(detector: Detector, stepMs = MINUTE_MS): DetectorCost {
  const opened = detector.open(null, EMPTY_INVENTORY, { stepMs, timezone: "UTC", silenceAfterMs: null, divisor: 1 });
  const random = seededRandom(1);
  const day = DAY_MS / stepMs;
  const valueAt = (slot: number) => 100 + 30 * Math.sin((2 * Math.PI * slot) / day) + normal(random);
  const series = { name: "", labels: {}, startMs: START_MS, stepMs, values: new Float64Array(0) };
  const scorer = opened.open(opened.describe(series));
  const into = emptySlot();
  let slot = 0;
  const push = () => scorer.push(START_MS + slot * stepMs, valueAt(slot++), into);
  while (slot < WARM_UP_DAYS * day) push();
  const times = Array.from({ length: ROUNDS }, () => {
    const beganMs = performance.now();
    for (let i = 0; i < ROUND_SLOTS; i++) push();
    return ((performance.now() - beganMs) * 1000) / ROUND_SLOTS;
  }).sort((a, b) => a - b);
  return { slot_us: times[ROUNDS >> 1], checkpoint_bytes: scorer.save().byteLength, step_s: stepMs / 1000 };
}

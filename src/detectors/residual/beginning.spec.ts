import { expect, test } from "vitest";
import { seededRandom } from "../../math/random.js";
import { DAY_MS, MINUTE_MS } from "../../time/duration.js";
import { emptySlot } from "../detector.js";
import { residualDetector } from "./residual.js";

const START_MS = Date.UTC(2025, 6, 1);
const FIRST = [0.83, 0.66, 0.5, 0.33, 0.2];

// While the season remembered them there were 38 slots with scores up to 48, a day and two days after the start.
test.each([1, 2, 3])("a rate that falls in its first minutes is no season a day later (seed %i)", (seed) => {
  const scorer = residualDetector(MINUTE_MS).open({ silenceSlots: 3 });
  const random = seededRandom(seed);
  const slot = emptySlot();
  const alarms: number[] = [];
  for (let i = 0; i < (3 * DAY_MS) / MINUTE_MS; i++) {
    const value = FIRST[i] ?? 0.165 + 0.008 * (random() - 0.5);
    scorer.push(START_MS + i * MINUTE_MS, value, slot);
    if (slot.score >= 1) alarms.push(i);
  }
  expect(alarms).toEqual([]);
});

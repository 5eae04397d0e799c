import { expect, test } from "vitest";
import { normal, seededRandom } from "../../math/random.js";
import { DAY_MS, MINUTE_MS } from "../../time/duration.js";
import { emptySlot } from "../detector.js";
import { residualDetector } from "./residual.js";

test.each([1, 2, 3])(
  "a rate that fell in its first minutes is no season: no alarm a day and two days later (seed %i)",
  (seed) => {
    const detector = residualDetector(MINUTE_MS);
    const scorer = detector.open({ silenceSlots: 3 });
    const random = seededRandom(seed);
    const slot = emptySlot();
    const first = [0.83, 0.66, 0.5, 0.33, 0.2];
    const alarms: number[] = [];
    for (let i = 0; i < (3 * DAY_MS) / MINUTE_MS; i++) {
      scorer.push(i * MINUTE_MS, first[i] ?? 0.165 + 0.004 * normal(random), slot);
      if (slot.score >= 2) alarms.push(i);
    }
    expect(alarms).toEqual([]);
  },
);

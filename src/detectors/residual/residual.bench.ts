import { bench, describe } from "vitest";
import { normal, seededRandom } from "../../math/random.js";
import { MINUTE_MS } from "../../time/duration.js";
import { emptySlot } from "../detector.js";
import { residualDetector } from "./residual.js";

const DAYS = 10;
const SLOTS = DAYS * 1440;
const random = seededRandom(1);
const values = Float64Array.from({ length: SLOTS + 1 }, (_, i) => 100 + 30 * Math.sin(i / 229) + normal(random));
const detector = residualDetector(MINUTE_MS);
const known = detector.learnedOf("any");
if (known === undefined) throw new Error("the detector learns as it scores: it knows every series");
const slot = emptySlot();

describe("one series at steps of one minute", () => {
  const scorer = detector.open(known);
  for (let i = 0; i < SLOTS; i++) scorer.push(i * MINUTE_MS, values[i], slot);
  const state = scorer.save();
  bench("its state restored, one slot pushed, and saved", () => {
    scorer.turnTo?.(known);
    scorer.restore(state);
    scorer.push(SLOTS * MINUTE_MS, values[SLOTS], slot);
    scorer.save();
  });
  bench(`${SLOTS} slots pushed`, () => {
    const whole = detector.open(known);
    for (let i = 0; i < SLOTS; i++) whole.push(i * MINUTE_MS, values[i], slot);
  });
});

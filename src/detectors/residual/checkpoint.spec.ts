import { expect, test } from "vitest";
import { normal, seededRandom } from "../../math/random.js";
import { MINUTE_MS } from "../../time/duration.js";
import { emptySlot } from "../detector.js";
import { ScorerByClass } from "../machine/by-class.js";
import { DEFAULT_RESIDUAL } from "./options.js";
import { ResidualScorer } from "./residual-scorer.js";

/** What a run at one-minute steps keeps of a series. */
const MOST_BYTES = 96_000;

test("a state takes at most 96 kB at one-minute steps, however long the series", () => {
  const random = seededRandom(9);
  const scorer = new ScorerByClass(MINUTE_MS, () => new ResidualScorer(MINUTE_MS, "UTC", DEFAULT_RESIDUAL));
  expect(scorer.save().length).toBeLessThanOrEqual(MOST_BYTES);
  const slot = emptySlot();
  for (let i = 0; i < 9 * 1440; i++) {
    scorer.push(i * MINUTE_MS, 1e6 + 100 * Math.sin(i / 229) + normal(random) + (random() < 0.01 ? 50 : 0), slot);
  }
  expect(scorer.save().length).toBeLessThanOrEqual(MOST_BYTES);
});

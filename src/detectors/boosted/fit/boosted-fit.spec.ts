import { describe, expect, test } from "vitest";
import { DEFAULT_BOOSTING } from "../../../forest/boosting.js";
import { storeInMemory } from "../../../shelf/stored-series.js";
import { DEFAULT_FLEET } from "../../../simulate/options.js";
import { simulateFleet } from "../../../simulate/simulate.js";
import { DAY_MS, WEEK_MS } from "../../../time/duration.js";
import { fitHere } from "../../fit-here.js";
import { boostedFit } from "./boosted-fit.js";

const { history } = simulateFleet({ ...DEFAULT_FLEET, machines: 3, aggregators: 2, historyDays: 40 });

function trained(trees: number) {
  const fit = boostedFit({ lagsMs: [DAY_MS, WEEK_MS], boosting: { ...DEFAULT_BOOSTING, trees } });
  const work = fitHere(fit.course(history.map(storeInMemory), { timezone: "UTC", seed: 1 }), fit.openStep);
  for (;;) {
    const { done, value } = work.next();
    if (done) return value;
  }
}

describe("boosted trees for the simulated fleet, on values that they were not grown on", { timeout: 600_000 }, () => {
  const { figures, learned, heldOutFromMs, range } = trained(300);
  const error = figures.held_out_error as Readonly<Record<string, number>>;

  test("are nearer than repeating the last value, and than the value of a day ago", () => {
    expect(error.boosted).toBeLessThan(0.95 * error.last);
    expect(error.boosted).toBeLessThan(0.5 * error.lag24h);
  });

  test("later values say when to stop", () => {
    expect(learned.boosted.count).toBeGreaterThan(10);
    expect(learned.boosted.count).toBeLessThan(300);
  });

  test("the last fifth is held out", () => {
    expect((range.endMs - heldOutFromMs) / (range.endMs - range.startMs)).toBeCloseTo(0.2, 3);
  });
});

import { describe, expect, test } from "vitest";
import { storeInMemory } from "../../../shelf/stored-series.js";
import { DEFAULT_FLEET } from "../../../simulate/options.js";
import { simulateFleet } from "../../../simulate/simulate.js";
import { fitHere } from "../../fit-here.js";
import { type LstmTraining, lstmFit } from "./lstm-fit.js";
import { beginTraining, isTrained } from "./train-network.js";

const { history } = simulateFleet({ ...DEFAULT_FLEET, machines: 3, aggregators: 2, historyDays: 40 });

function figuresOf(training: Partial<LstmTraining>) {
  const fit = lstmFit({ network: "family", hidden: 12, epochs: 8, ...training });
  const work = fitHere(fit.course(history.map(storeInMemory), { timezone: "UTC", seed: 1 }), fit.openStep);
  for (;;) {
    const { done, value } = work.next();
    if (done) return { ...value, error: value.figures.held_out_error as Readonly<Record<string, number>> };
  }
}

describe("a trained network on the simulated fleet, on values that it was not trained on", { timeout: 300_000 }, () => {
  test.each(["family", "series"] as const)(
    "is nearer than repeating the last value, and than the value of a day ago: one network a %s",
    (network) => {
      const { error } = figuresOf({ network });
      expect(error.lstm).toBeLessThan(0.98 * error.last);
      expect(error.lstm).toBeLessThan(0.8 * error.lag24h);
    },
  );

  test("the last fifth is held out", () => {
    const { heldOutFromMs, range } = figuresOf({ epochs: 1 });
    expect((range.endMs - heldOutFromMs) / (range.endMs - range.startMs)).toBeCloseTo(0.2, 3);
  });
});

test("training stops after so many passes, or after four without a better error on later values", () => {
  const training = beginTraining({ inputs: 7, hidden: 2 }, 1);
  expect(isTrained({ ...training, epoch: 8, bestEpoch: 5 }, 30)).toBe(false);
  expect(isTrained({ ...training, epoch: 9, bestEpoch: 5 }, 30)).toBe(true);
  expect(isTrained({ ...training, epoch: 9, bestEpoch: 9 }, 9)).toBe(true);
});

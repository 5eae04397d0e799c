import { InputError } from "../../../errors/errors.js";
import { weightCount } from "../../../network/lstm.js";
import { createInventory } from "../../../series/inventory.js";
import { formatUtc } from "../../../time/format.js";
import type { Batch, Fit } from "../../fit.js";
import { MIN_COVERAGE, type Prepared, partsOf, sourceOf } from "../../trained/scaled-history.js";
import { INPUTS } from "../inputs.js";
import type { LstmModel } from "../learned.js";
import { figureLines, lstmFigures } from "./figures.js";
import { type Judged, type JudgedPart, openStep, type Trainable } from "./steps.js";
import { beginTraining, isTrained, type Training } from "./train-network.js";

export interface LstmTraining {
  readonly network: "family" | "series";
  readonly hidden: number;
  readonly epochs: number;
}

/** Shares of the time, for the progress line. */
const PREPARED = 0.02;
const TRAINED = 0.95;

/** One network for all series of a history, or one for each. */
export function lstmFit({ network, hidden, epochs }: LstmTraining): Fit<LstmModel> {
  const shape = { inputs: INPUTS, hidden };
  return {
    isResumable: true,
    *course(history, { timezone, seed, minCoverage = MIN_COVERAGE, exclude = [] }) {
      const { source, leftOut } = sourceOf(history, { timezone, seed, minCoverage, exclude });
      const { series: kept, stepMs, range, heldOutFromMs } = source;
      const prepared = (yield* ask<Prepared[]>("prepare", source, partsOf(kept.length), [0, PREPARED])).flat();
      const places = prepared.flatMap(({ spread }, i) => (spread > 0 ? [i] : []));
      if (places.length === 0) {
        throw new InputError("history", "no series has values that change and enough of them to train a network on");
      }
      const shared: Trainable = { source, prepared, shape, epochs, seed };
      const trainings = network === "family" ? [yield* trainShared(shared)] : yield* trainEach(shared, places);
      // As they are kept.
      const weights = trainings.map(({ best }) => Float64Array.from(best, Math.fround));
      const networkOf = Int32Array.from(prepared, () => -1);
      places.forEach((place, i) => {
        networkOf[place] = network === "family" ? 0 : i;
      });
      const parts = places.map((series): JudgedPart => ({ series, weights: weights[networkOf[series]] }));
      const judged = yield* ask<Judged>("judge", shared, parts, [TRAINED, 1]);
      const errorOf = new Map(places.map((place, i) => [place, judged[i].error]));
      const size = weightCount(shape);
      const networks = new Float32Array(weights.length * size);
      weights.forEach((one, i) => {
        networks.set(one, i * size);
      });
      const points = prepared.reduce((sum, one) => sum + one.points, 0);
      return {
        learned: {
          ...{ stepMs, shape, isShared: network === "family", networks, networkOf },
          scales: prepared.map(({ location, spread }, i) => ({
            location,
            spread,
            error: errorOf.get(i) ?? Number.NaN,
          })),
        },
        inventory: createInventory(kept.map(({ name, labels }) => ({ name, labels }))),
        unit: kept.find(({ unit }) => unit !== undefined)?.unit ?? null,
        ...{ stepMs, range, heldOutFromMs, points, leftOut },
        rows: points,
        incidents: [],
        options: {
          ...{ timezone, seed, min_coverage: minCoverage, network, hidden, epochs },
          exclude: exclude.map((one) => `${formatUtc(one.startMs)}/${formatUtc(one.endMs)}`).join(" ") || null,
        },
        figures: lstmFigures({ judged, trainings, heldOutFromMs, weights: size }),
      };
    },
    openStep,
    figureLines,
  };
}

/** An epoch is a batch of one part: it begins where the one before ended. */
function* trainShared(shared: Trainable): Generator<Batch, Training, unknown[]> {
  let training = beginTraining(shared.shape, shared.seed);
  while (!isTrained(training, shared.epochs)) {
    const at = (epoch: number) => PREPARED + ((TRAINED - PREPARED) * epoch) / shared.epochs;
    [training] = yield* ask<Training>("epoch", shared, [training], [at(training.epoch), at(training.epoch + 1)]);
  }
  return training;
}

function* trainEach(shared: Trainable, places: readonly number[]): Generator<Batch, Training[], unknown[]> {
  return yield* ask<Training>("network", shared, places, [PREPARED, TRAINED]);
}

function* ask<Result>(
  step: string,
  shared: unknown,
  parts: readonly unknown[],
  progress: readonly [number, number],
): Generator<Batch, Result[], unknown[]> {
  return (yield { step, shared, parts, phase: PHASES[step], progress }) as Result[];
}

const PHASES: Readonly<Record<string, string>> = {
  ...{ prepare: "scaling", epoch: "training", network: "training", judge: "judging" },
};

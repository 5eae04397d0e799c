import { robustScale } from "../../math/robust-scale.js";
import { weightCount } from "../../network/lstm.js";
import type { Inventory } from "../../series/inventory.js";
import { DAY_MS, WEEK_MS } from "../../time/duration.js";
import { BAND_OPTIONS, type BandLimits, limitsOf } from "../band/band-options.js";
import { BandScorer } from "../band/band-scorer.js";
import type { FittedDetector, SeriesKnowledge } from "../detector.js";
import { dividedDetector } from "../divided.js";
import type { Detector, DetectorSettings } from "../kind.js";
import { ScorerByClass } from "../machine/by-class.js";
import { leastSilenceSlots } from "../machine/run-watch.js";
import { choiceOption, readOptions, wholeOption } from "../options.js";
import { formatSpec } from "../spec.js";
import { decodeLstm, encodeLstm, MOST_HIDDEN } from "./codec.js";
import type { LstmModel, SeriesScale } from "./learned.js";
import { LstmForecaster } from "./lstm-forecaster.js";

const OPTIONS = {
  ...BAND_OPTIONS,
  network: choiceOption("in training: one network for all series, or one for each", "family", ["family", "series"]),
  hidden: wholeOption("in training: units of the layer", 12, 1, MOST_HIDDEN),
  epochs: wholeOption("in training: passes over the history, at the most; later values say when to stop", 12, 1, 200),
};

/** A series with its network. */
interface LstmKnowledge extends SeriesKnowledge, SeriesScale {
  readonly weights: Float64Array | undefined;
}

/** A recurrent network (LSTM) over the last values, yesterday and the calendar, one slot ahead. */
export const lstm = configured({});

function configured(set: Readonly<Record<string, string>>): Detector<LstmModel> {
  const { network, hidden, epochs, ...band } = readOptions("lstm", OPTIONS, set);
  const limits = limitsOf(band);
  return {
    name: formatSpec({ name: "lstm", set }),
    options: OPTIONS,
    configure: configured,
    loadFit: async () => (await import("./fit/lstm-fit.js")).lstmFit({ network, hidden, epochs }),
    divisorOf: () => null,
    open: (learned, inventory, settings) =>
      dividedDetector(opened(learned, inventory, limits, settings), settings.divisor),
    encode: encodeLstm,
    decode: decodeLstm,
  };
}

function opened(
  { stepMs, shape, isShared, networks, networkOf, scales }: LstmModel,
  inventory: Inventory,
  limits: BandLimits,
  { timezone, silenceAfterMs }: DetectorSettings,
): FittedDetector {
  const silence = silenceAfterMs ?? undefined;
  const silenceSlots = leastSilenceSlots(stepMs, silence);
  const size = weightCount(shape);
  // Rounded as they are in the file.
  const weights = Array.from({ length: networks.length / size }, (_, i) =>
    Float64Array.from(networks.subarray(i * size, (i + 1) * size)),
  );
  const shared = isShared ? weights[0] : undefined;
  return {
    stepMs,
    historyMs: 2 * WEEK_MS,
    warmUpMs: DAY_MS,
    describesAfterMs: shared === undefined ? 0 : DAY_MS,
    learnedOf: (key) => {
      const place = inventory.indexOf(key);
      if (place === undefined) return undefined;
      const known: LstmKnowledge = { silenceSlots, ...scales[place], weights: weights[networkOf[place]] };
      return known;
    },
    describe: ({ values }) => {
      const scale = robustScale(values);
      const known: LstmKnowledge = {
        ...{ silenceSlots, ...scale, error: Number.NaN },
        weights: scale.spread > 0 ? shared : undefined,
      };
      return known;
    },
    usualOf: (known) => (known as LstmKnowledge).location,
    open: (known) => {
      const own = known as LstmKnowledge;
      return new ScorerByClass(
        stepMs,
        () => new BandScorer(stepMs, new LstmForecaster(stepMs, timezone, own, shape, own.weights), limits, silence),
      );
    },
  };
}

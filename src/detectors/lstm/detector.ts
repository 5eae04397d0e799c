import { weightCount } from "../../network/lstm.js";
import type { Inventory } from "../../series/inventory.js";
import { WEEK_MS } from "../../time/duration.js";
import { BAND_OPTIONS, type BandLimits, limitsOf } from "../band/band-options.js";
import type { FittedDetector } from "../detector.js";
import type { Detector, DetectorSettings } from "../kind.js";
import { choiceOption, readOptions, wholeOption } from "../options.js";
import { formatSpec } from "../spec.js";
import { trainedBand } from "../trained/trained-band.js";
import { decodeLstm, encodeLstm, MOST_HIDDEN } from "./codec.js";
import type { LstmModel } from "./learned.js";
import { LstmForecaster } from "./lstm-forecaster.js";

const OPTIONS = {
  ...BAND_OPTIONS,
  network: choiceOption("in training: one network for all series, or one for each", "family", ["family", "series"]),
  hidden: wholeOption("in training: units of the layer", 12, 1, MOST_HIDDEN),
  epochs: wholeOption("in training: passes over the history, at the most; later values say when to stop", 12, 1, 200),
};

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
    open: (learned, inventory, settings) => opened(learned, inventory, limits, settings),
    encode: encodeLstm,
    decode: decodeLstm,
  };
}

function opened(
  { stepMs, shape, isShared, networks, networkOf, scales }: LstmModel,
  inventory: Inventory,
  limits: BandLimits,
  settings: DetectorSettings,
): FittedDetector {
  const size = weightCount(shape);
  // Rounded as they are in the file.
  const weights = Array.from({ length: networks.length / size }, (_, i) =>
    Float64Array.from(networks.subarray(i * size, (i + 1) * size)),
  );
  const shared = isShared ? weights[0] : undefined;
  const weightsFor = (place: number | undefined, spread: number) =>
    place !== undefined ? weights[networkOf[place]] : spread > 0 ? shared : undefined;
  return trainedBand(
    {
      ...{ stepMs, inventory, scales, limits, historyMs: 2 * WEEK_MS, knowsOthers: shared !== undefined },
      open: (scale, place) =>
        new LstmForecaster(stepMs, settings.timezone, scale, shape, weightsFor(place, scale.spread)),
    },
    settings,
  );
}

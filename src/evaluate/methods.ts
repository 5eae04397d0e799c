import { profileSeries } from "../detectors/profile.js";
import { InputError } from "../errors/errors.js";
import { openModel } from "../model/model.js";
import { DEFAULT_TRAINING, trainModel } from "../model/train.js";
import { seriesKey } from "../series/series.js";
import type { BacktestMethod } from "./fitting.js";

/** The consolidated model: forests for all series together, fitted anew at each date on what lies before it. */
const family: BacktestMethod = {
  name: "family",
  about: "one forest model for all series together, trained on their past at each refit",
  refits: true,
  fit(past, { timezone, seed, threshold }) {
    const training = { ...DEFAULT_TRAINING, timezone, seed, fingerprint: "" };
    try {
      return trainModel(past, threshold === undefined ? training : { ...training, threshold }).model;
    } catch (thrown) {
      // Too short, or too few values: the series stay in warm-up until the next date.
      if (thrown instanceof InputError) return undefined;
      throw thrown;
    }
  },
  open(model, past, { threshold }) {
    if (model === null) throw new TypeError("the family method needs a model");
    const key = seriesKey(past.labels);
    const known = model.series.find((one) => seriesKey(one.labels) === key);
    return { detector: openModel(model, threshold), profile: known?.profile ?? profileSeries(past.values) };
  },
};

/** Every method that a backtest can run, by name; a new one is one line here. */
export const METHODS = { family } as const satisfies Readonly<Record<string, BacktestMethod>>;
export type MethodName = keyof typeof METHODS;
export const METHOD_NAMES = Object.keys(METHODS) as MethodName[];
export const DEFAULT_METHOD: MethodName = "family";

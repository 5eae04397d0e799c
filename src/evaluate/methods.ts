import { profileSeries } from "../detectors/profile.js";
import { residualDetector } from "../detectors/residual/residual.js";
import { InputError } from "../errors/errors.js";
import { openModel } from "../model/model.js";
import { DEFAULT_TRAINING, trainModel } from "../model/train.js";
import { seriesKey } from "../series/series.js";
import type { BacktestMethod } from "./fitting.js";
import type { MethodName } from "./method-names.js";

/** The residuals of each series, calibrated by its own past as it goes: nothing is learned beforehand. */
const residual: BacktestMethod = {
  refits: false,
  takesThreshold: false,
  fit: () => null,
  open: (_, past) => ({ detector: residualDetector(past.stepMs), profile: profileSeries(past.values) }),
};

/** The consolidated model: forests for all series together, fitted anew at each date on what lies before it. */
const family: BacktestMethod = {
  refits: true,
  takesThreshold: true,
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

/** Every method that a backtest can run; a new one is one line here and one in `method-names.ts`. */
export const BACKTEST_METHODS: Readonly<Record<MethodName, BacktestMethod>> = { residual, family };

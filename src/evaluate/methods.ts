import { DEFAULT_TRAINING, trainModel } from "../detectors/family/fit/train.js";
import { openModel } from "../detectors/family/learned.js";
import { profileSeries } from "../detectors/family/profile.js";
import { residualDetector } from "../detectors/residual/residual.js";
import { InputError } from "../errors/errors.js";
import { findByLabels } from "../series/find-by-labels.js";
import { type BacktestMethod, pastOf } from "./fitting.js";
import type { MethodName } from "./method-names.js";
import { ownThresholds } from "./own-thresholds.js";

/**
 * The residuals of each series, calibrated by its own past as it goes: nothing is learned beforehand, unless a threshold is
 * requested, which the past of all series then gives.
 */
const residual: BacktestMethod = {
  fits({ series, times }, { timezone, threshold }, onProgress) {
    const asItIs = { fromMs: Number.NEGATIVE_INFINITY, learned: null };
    if (threshold === undefined) return [asItIs];
    return [
      asItIs,
      ...ownThresholds(series, times, (stepMs) => residualDetector(stepMs, timezone), threshold, onProgress),
    ];
  },
  open: (learned, past, { timezone }, before) => ({
    detector: before?.detector ?? residualDetector(past.stepMs, timezone),
    profile: before?.profile ?? profileSeries(past.values),
    divisor: learned !== null && "divisor" in learned ? learned.divisor : 1,
  }),
};

/** The consolidated model: forests for all series together, fitted again at each date on what lies before it. */
const family: BacktestMethod = {
  fits({ series, times }, { timezone, seed, threshold }, onProgress) {
    const training = { ...DEFAULT_TRAINING, timezone, seed, fingerprint: "" };
    return times.flatMap((fromMs, i) => {
      onProgress?.(i, times.length);
      const past = series.map((one) => pastOf(one, fromMs)).filter((one) => one.values.length > 0);
      try {
        const { model } = trainModel(past, threshold === undefined ? training : { ...training, threshold });
        return [{ fromMs, learned: model }];
      } catch (thrown) {
        // Too short, or too few values: the series stay in warm-up until the next date.
        if (thrown instanceof InputError) return [];
        throw thrown;
      }
    });
  },
  open(model, past, { threshold }) {
    if (model === null || "divisor" in model) throw new TypeError("the family method needs a model");
    const known = findByLabels(model.series, past.labels);
    return { detector: openModel(model, threshold), profile: known?.profile ?? profileSeries(past.values), divisor: 1 };
  },
};

/** Every method that a backtest can run; a new one is one line here and one in `method-names.ts`. */
export const BACKTEST_METHODS: Readonly<Record<MethodName, BacktestMethod>> = { residual, family };

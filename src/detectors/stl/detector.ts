import { bandDetector } from "../band/band-detector.js";
import { BAND_OPTIONS, limitsOf } from "../band/band-options.js";
import { MSTL_OPTIONS, mstlForecaster } from "../band/mstl-forecaster.js";

const OPTIONS = { ...BAND_OPTIONS, ...MSTL_OPTIONS };

/** Seasonal-trend decomposition (STL, with several seasons MSTL): what the seasons and the trend lead to. */
export const stl = bandDetector("stl", OPTIONS, (values) => ({
  historyMs: values.history,
  limits: limitsOf(values),
  open: ({ stepMs }) => mstlForecaster(stepMs, values),
}));

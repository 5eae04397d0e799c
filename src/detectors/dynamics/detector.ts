import { WEEK_MS } from "../../time/duration.js";
import { bandDetector } from "../band/band-detector.js";
import { BAND_OPTIONS, limitsOf } from "../band/band-options.js";
import { BucketBaseline } from "../band/bucket-baseline.js";
import { BUCKET_OPTIONS, bucketOptions } from "../band/bucket-options.js";
import { choiceOption } from "../options.js";

const OPTIONS = {
  ...BAND_OPTIONS,
  ...BUCKET_OPTIONS,
  band: choiceOption(
    "how values become a band: median and MAD, mean and standard deviation, or the 5 % and 95 % quantiles",
    "robust",
    ["robust", "mean", "quantile"],
  ),
};

/** The usual of each hour of the week, as people draw it by hand: centre ± k spreads of the same hour in past weeks. */
export const dynamics = bandDetector("dynamics", OPTIONS, (values) => ({
  historyMs: values.weeks * WEEK_MS,
  limits: limitsOf(values),
  open: ({ stepMs, timezone }) =>
    new BucketBaseline(stepMs, timezone, { ...bucketOptions(values), band: values.band, isScrubbed: false }),
}));

import { WEEK_MS } from "../../time/duration.js";
import { bandDetector } from "../band/band-detector.js";
import { BAND_OPTIONS, limitsOf } from "../band/band-options.js";
import { BucketBaseline } from "../band/bucket-baseline.js";
import { BUCKET_OPTIONS, bucketOptions } from "../band/bucket-options.js";
import { choiceOption } from "../options.js";

const OPTIONS = {
  ...BAND_OPTIONS,
  ...BUCKET_OPTIONS,
  period: choiceOption("what a bucket is compared with: the same time of other days, or of the same weekday", "day", [
    "day",
    "week",
  ]),
};

/** Robust bucket bands: median ± k · 1.4826 · MAD of each bucket of the day or week, over a history without wild values. */
export const funnel = bandDetector("funnel", OPTIONS, (values) => ({
  historyMs: values.weeks * WEEK_MS,
  limits: limitsOf(values),
  open: ({ stepMs, timezone }) =>
    new BucketBaseline(stepMs, timezone, {
      ...bucketOptions(values),
      period: values.period,
      band: "robust",
      isScrubbed: true,
    }),
}));

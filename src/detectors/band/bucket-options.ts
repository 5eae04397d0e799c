import { DAY_MS, HOUR_MS, MINUTE_MS } from "../../time/duration.js";
import { type DetectorOption, durationOption, wholeOption } from "../options.js";
import type { BucketOptions } from "./bucket-baseline.js";

const ISO_DAY = /^\d{4}-\d{2}-\d{2}$/;

/** Days since 1970, `+` between them. */
const holidaysOption: DetectorOption<ReadonlySet<number>> = {
  help: "days that are like a Sunday, as 2026-12-25+2026-12-26; @holidays.csv reads them from a file, one a line",
  default: new Set<number>(),
  defaultText: "none",
  needs: "dates as 2026-12-25, with + between them, or none",
  parse: (text) => {
    if (text === "none") return new Set();
    const days = text
      .split("+")
      .map((day) => (ISO_DAY.test(day) ? Date.parse(`${day}T00:00:00Z`) / DAY_MS : Number.NaN));
    return days.every(Number.isInteger) ? new Set(days) : undefined;
  },
};

/** The options of detectors that compare with the same time of other days. */
export const BUCKET_OPTIONS = {
  bucket: durationOption(
    "width of a bucket of the day; a day should be a multiple of it",
    HOUR_MS,
    5 * MINUTE_MS,
    DAY_MS,
  ),
  weeks: wholeOption("weeks that are remembered", 4, 1, 12),
  holidays: holidaysOption,
};

export function bucketOptions({
  bucket,
  weeks,
  holidays,
}: {
  readonly bucket: number;
  readonly weeks: number;
  readonly holidays: ReadonlySet<number>;
}): Pick<BucketOptions, "bucketMs" | "weeks" | "period" | "holidays"> {
  return { bucketMs: bucket, weeks, period: "week", holidays };
}

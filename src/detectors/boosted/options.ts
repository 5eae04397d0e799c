import { type BoostingOptions, DEFAULT_BOOSTING } from "../../forest/boosting.js";
import { DAY_MS, parseDuration, WEEK_MS } from "../../time/duration.js";
import { BAND_OPTIONS } from "../band/band-options.js";
import { REFIT_OPTIONS } from "../band/refit-options.js";
import {
  choiceOption,
  type DetectorOption,
  durationOption,
  numberOption,
  type OptionValues,
  wholeOption,
} from "../options.js";

export const MOST_LAG_MS = 2 * WEEK_MS;
export const MOST_TREES = 300;
export const MOST_LEAVES = 63;

const lagsOption: DetectorOption<readonly number[]> = {
  help: "lags, + between them",
  default: [DAY_MS, WEEK_MS],
  defaultText: "24h+7d",
  needs: "durations of at most 14d with + between them, such as 24h+7d",
  parse: (text) => {
    try {
      const lags = text.split("+").map(parseDuration);
      return lags.every((lagMs) => lagMs <= MOST_LAG_MS) ? lags : undefined;
    } catch {
      return undefined;
    }
  },
};

/** Of one series there are thousands of rows at the most, of a family hundreds of thousands. */
const TREES = { series: 60, family: 300 };
const LEAVES = { series: 15, family: 31 };

/** A whole number whose default is that of the scope. */
function byScope(
  help: string,
  values: Readonly<Record<"series" | "family", number>>,
  most: number,
  least: number,
): DetectorOption<number | undefined> {
  const option = wholeOption(help, values.series, least, most);
  return { ...option, default: undefined, defaultText: `${values.series}; scope=family: ${values.family}` };
}

export const OPTIONS = {
  ...BAND_OPTIONS,
  scope: choiceOption("trees for each series, grown as it scores, or the same for all, grown by train", "series", [
    "series",
    "family",
  ]),
  ...REFIT_OPTIONS,
  history: durationOption("of scope=series: the past that a fit sees", 2 * WEEK_MS, 2 * DAY_MS, 60 * DAY_MS),
  refit: durationOption(
    "of scope=series: how often trees are grown again, at multiples of this in UTC",
    2 * DAY_MS,
    DAY_MS / 4,
    2 * WEEK_MS,
  ),
  lags: lagsOption,
  trees: byScope("trees at the most; later values say when to stop", TREES, MOST_TREES, 1),
  leaves: byScope("leaves of a tree at the most", LEAVES, MOST_LEAVES, 2),
  rate: numberOption("what each tree may move the forecast by", 0.1, 0.01, 1),
};

export type BoostedValues = OptionValues<typeof OPTIONS>;

/** How trees are grown. */
export function boostingOf({ scope, trees, leaves, rate }: BoostedValues): BoostingOptions {
  return { ...DEFAULT_BOOSTING, trees: trees ?? TREES[scope], leaves: leaves ?? LEAVES[scope], rate };
}

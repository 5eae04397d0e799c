import { MAD_TO_SIGMA } from "../math/robust-scale.js";
import { smallMedian } from "../math/small-median.js";

/** Prior weight of what all series spread by, in days: as much as half a week of a series' own. */
const PRIOR_DAYS = 4;

/** How a figure of one day compares with those of the other days. */
export interface Compared {
  /** Of the day that is looked at. */
  readonly now: number;
  /** Each reference day against the other reference days. */
  readonly replays: readonly number[];
}

/** A series' figures, the day that is looked at first. */
export type Figures = readonly number[];

/**
 * The moderated t statistic of each day's figure against those of the series' other days: the distance from their median over a
 * standard deviation that is drawn towards the one all series share, because seven days alone do not say how much a series varies.
 * Median and MAD, because some of the days compared with may hold an incident of their own, or a weekend.
 *
 * All replays of a day are a sample of what is found where nothing is to be found.
 *
 * Source: Smyth, "Linear models and empirical Bayes methods …", Statistical Applications in Genetics and Molecular Biology 3 (2004).
 */
export function moderate(all: readonly Figures[]): Compared[] {
  const variances = all.map(([, ...days]) => spreadWithout(days, -1).variance).filter((v) => v > 0);
  const shared = variances.length === 0 ? 1 : Float64Array.from(variances).sort()[variances.length >> 1];
  return all.map(([now, ...days]) => ({
    now: against(now, days, -1, shared),
    replays: days.map((figure, day) => against(figure, days, day, shared)),
  }));
}

function against(figure: number, days: readonly number[], without: number, shared: number): number {
  const { centre, variance, count } = spreadWithout(days, without);
  const moderated = (PRIOR_DAYS * shared + (count - 1) * variance) / (PRIOR_DAYS + count - 1);
  return (figure - centre) / Math.sqrt(moderated * (1 + 1 / count));
}

const scratch = new Float64Array(64);

/** Median of the days but one, and the variance that their MAD says. */
function spreadWithout(days: readonly number[], without: number) {
  let count = 0;
  for (let d = 0; d < days.length; d++) if (d !== without) scratch[count++] = days[d];
  const centre = smallMedian(scratch, count);
  for (let d = 0; d < count; d++) scratch[d] = Math.abs(scratch[d] - centre);
  return { centre, variance: (MAD_TO_SIGMA * smallMedian(scratch, count)) ** 2, count };
}

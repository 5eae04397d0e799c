import { degreesOfMad, madVariance, type SharedVariance, sharedVariance } from "./shared-variance.js";

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
 * How far it is drawn, the series say themselves (`shared-variance.ts`). Median and MAD, because some of the days compared with
 * may hold an incident of their own, or a weekend.
 *
 * All replays of a day are a sample of what is found where nothing is to be found.
 *
 * @param all of series of one kind. Source: Smyth, as in `shared-variance.ts`.
 */
export function moderate(all: readonly Figures[]): Compared[] {
  const counts = all.map((figures) => figures.length - 1).sort((a, b) => a - b);
  const shared = sharedVariance(
    all.map(([, ...days]) => spreadWithout(days, -1).variance),
    counts[counts.length >> 1],
  );
  return all.map(([now, ...days]) => ({
    now: against(now, days, -1, shared),
    replays: days.map((figure, day) => against(figure, days, day, shared)),
  }));
}

function against(figure: number, days: readonly number[], without: number, shared: SharedVariance): number {
  const { centre, variance, count } = spreadWithout(days, without);
  const own = degreesOfMad(count);
  const moderated = (shared.degrees * shared.variance + own * variance) / (shared.degrees + own);
  return (figure - centre) / Math.sqrt(moderated * (1 + 1 / count));
}

const scratch = new Float64Array(64);

/** Median of the days but one, and the variance that their MAD says. */
function spreadWithout(days: readonly number[], without: number) {
  let count = 0;
  for (let d = 0; d < days.length; d++) if (d !== without) scratch[count++] = days[d];
  return { ...madVariance(scratch, count), count };
}

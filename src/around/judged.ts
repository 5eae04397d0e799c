import { quantile } from "../math/quantile.js";
import { chanceBy } from "./chance.js";
import { type Compared, moderate } from "./moderated.js";
import type { Watched } from "./watch-series.js";

/** Of the earlier days at least this share was an ordinary one. */
const ORDINARY_DAYS = 0.25;

/** How unusual a series' change is. */
export interface Judged {
  readonly score: number;
  readonly chance: number;
  /** Chances of the replays. */
  readonly replays: readonly number[];
}

/**
 * Scores and chances of a figure. Each earlier day gives a chance of its own, by the replays of all series on it; the quarter of
 * the days that is the quietest counts, so that days on which half of the fleet moved, and weekends, do not decide. Series that mostly stand still are
 * a population of their own: a few events make their figures jump.
 */
export function judged(watched: readonly Watched[]): Judged[] {
  const compared = new Array<Compared>(watched.length);
  const byPopulation = [false, true].map((isStill) => {
    const members = watched.flatMap((one, i) => (one.isStill === isStill ? [i] : []));
    moderate(members.map((i) => watched[i].shiftFigures)).forEach((one, m) => {
      compared[members[m]] = one;
    });
    const pools = new Map<number, number[]>();
    members.forEach((i) => {
      compared[i].replays.forEach((score, r) => {
        const day = watched[i].daysBefore[r + 1];
        const pool = pools.get(day);
        if (pool === undefined) pools.set(day, [score]);
        else pool.push(score);
      });
    });
    const byDay = [...pools.values()].map((pool) => chanceBy(Float64Array.from(pool).sort()));
    const scratch = new Float64Array(byDay.length);
    return (score: number) => {
      byDay.forEach((chance, d) => {
        scratch[d] = chance(score);
      });
      return quantile(scratch, ORDINARY_DAYS);
    };
  });
  return compared.map(({ now, replays }, i) => {
    const chanceOf = byPopulation[watched[i].isStill ? 1 : 0];
    return { score: now, chance: chanceOf(now), replays: replays.map(chanceOf) };
  });
}

/** How many series would be listed on an ordinary day with the same cut: the median of the earlier days. */
export function usualIn(watched: readonly Watched[], all: readonly Judged[], cut: number): number {
  const days = new Map<number, { found: number; of: number }>();
  all.forEach(({ replays }, i) => {
    replays.forEach((chance, r) => {
      const day = watched[i].daysBefore[r + 1];
      const { found, of } = days.get(day) ?? { found: 0, of: 0 };
      days.set(day, { found: found + (chance <= cut ? 1 : 0), of: of + 1 });
    });
  });
  return days.size === 0
    ? 0
    : quantile(
        [...days.values()].map(({ found, of }) => found / of),
        0.5,
      ) * all.length;
}

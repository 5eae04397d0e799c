import { falseShares } from "./false-share.js";
import { chanceOfAtLeast, logFactorials } from "./hypergeometric.js";
import { BLOCKS_A_DAY } from "./unusual-blocks.js";

/** A series that did not move although it usually does when the others do. */
export interface Stayed {
  readonly index: number;
  /** How often it moved, of the times that the others moved together on earlier days; parts next to each other are one time. */
  readonly moved: number;
  readonly times: number;
}

/** The movers moved together where at least this share of them did, and this many. */
const TOGETHER_SHARE = 0.2;
const TOGETHER_LEAST = 3;
/** Less than half of the times is not usual, and one time is no habit. */
const USUAL_SHARE = 0.5;
const USUAL_LEAST = 2;
/** Of the series that are named, at most this share is by chance. */
const MOST_FALSE = 0.05;

/**
 * The series that were far from usual in at least half of those parts of earlier days in which the movers were together, and more
 * often than chance gives (hypergeometric over all parts, corrected for the number of series); the most usual first.
 *
 * @param unusual by series, as `unusualBlocks` gives it. @param others indexes of those that did not move.
 */
export function stayedStill(
  unusual: readonly Uint8Array[],
  movers: readonly number[],
  others: readonly number[],
): Stayed[] {
  const blocks = unusual[movers[0]]?.length ?? 0;
  const needed = Math.max(TOGETHER_LEAST, TOGETHER_SHARE * movers.length);
  const together: number[] = [];
  for (let b = 0; b < blocks; b++) {
    if (movers.reduce((count, i) => count + unusual[i][b], 0) >= needed) together.push(b);
  }
  const occasions = occasionsOf(together);
  const times = occasions.length;
  if (times < USUAL_LEAST) return [];
  const logs = logFactorials(blocks);
  const tried = others.flatMap((index) => {
    const own = unusual[index];
    const marked = own.reduce((count, one) => count + one, 0);
    if (marked === 0) return [];
    const found = together.reduce((count, b) => count + own[b], 0);
    const moved = occasions.filter((occasion) => occasion.some((b) => own[b] === 1)).length;
    const drawn = together.length;
    return [{ index, moved, chance: chanceOfAtLeast(found, { drawn, marked, all: blocks }, logs) }];
  });
  const shares = falseShares(tried.map(({ chance }) => chance));
  return tried
    .filter(({ moved }, i) => shares[i] <= MOST_FALSE && moved >= Math.max(USUAL_LEAST, Math.ceil(USUAL_SHARE * times)))
    .sort((a, b) => b.moved - a.moved || a.chance - b.chance || a.index - b.index)
    .map(({ index, moved }) => ({ index, moved, times }));
}

/** Parts that follow each other in one day. */
function occasionsOf(parts: readonly number[]): number[][] {
  const occasions: number[][] = [];
  for (const part of parts) {
    const last = occasions.at(-1);
    if (last?.at(-1) === part - 1 && part % BLOCKS_A_DAY !== 0) last.push(part);
    else occasions.push([part]);
  }
  return occasions;
}

import type { Labels } from "../series/series.js";
import { falseShares } from "./false-share.js";
import { chanceOfAtLeast, logFactorials } from "./hypergeometric.js";

/** A label that is more frequent among what moved than among all. */
export interface Group {
  readonly label: string;
  readonly value: string;
  /** Series with it that moved, of those with it at all. */
  readonly moved: number;
  readonly all: number;
  /** Chance of as many by drawing at random, corrected for the number of labels that were tried. */
  readonly false_share: number;
}

/** Of the labels that are named, at most this share is named by chance. */
const MOST_FALSE = 0.05;
/** A value that only one or two series have is a name and no group. */
const LEAST_MOVED = 3;

/**
 * The label values that are over-represented among what moved, the least likely by chance first. A value whose series are exactly
 * those of one named before says nothing more and is left out.
 *
 * @param all labels of every series that was compared; `moved` are indexes into it.
 */
export function overRepresented(all: readonly Labels[], moved: readonly number[]): Group[] {
  const logs = logFactorials(all.length);
  const ofAll = tally(all, all.keys());
  const tried = [...tally(all, moved)].flatMap(([key, found]) => {
    const marked = ofAll.get(key)!.length;
    // What all have, and what is a name of its own, cannot be over-represented.
    if (marked < LEAST_MOVED || marked === all.length) return [];
    const chance = chanceOfAtLeast(found.length, { drawn: moved.length, marked, all: all.length }, logs);
    return [{ key, found: found.length, marked, chance, members: ofAll.get(key)!.join() }];
  });
  const shares = falseShares(tried.map(({ chance }) => chance));
  const seen = new Set<string>();
  return tried
    .map((one, i) => ({ ...one, share: shares[i] }))
    .filter(({ found, share }) => found >= LEAST_MOVED && share <= MOST_FALSE)
    .sort((a, b) => a.chance - b.chance || (a.key < b.key ? -1 : 1))
    .filter(({ members }) => !seen.has(members) && seen.add(members))
    .map(({ key, found, marked, share }) => {
      const [label, value] = JSON.parse(key) as [string, string];
      return { label, value, moved: found, all: marked, false_share: share };
    });
}

function tally(all: readonly Labels[], which: Iterable<number>): Map<string, number[]> {
  const counts = new Map<string, number[]>();
  for (const i of which) {
    for (const pair of Object.entries(all[i])) {
      const key = JSON.stringify(pair);
      const own = counts.get(key);
      if (own === undefined) counts.set(key, [i]);
      else own.push(i);
    }
  }
  return counts;
}

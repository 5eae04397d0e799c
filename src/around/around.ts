import { falseShares } from "./false-share.js";
import { type Beginning, firstChances } from "./first-mover.js";
import { type Group, overRepresented } from "./groups.js";
import { judged, usualIn } from "./judged.js";
import { type Found, type Mover, moverOf } from "./mover.js";
import { rarityRatio } from "./rarity.js";
import { type Stayed, stayedStill } from "./stayed.js";
import type { Frame, Stretches } from "./stretches.js";
import { belongingOf, type InCommon, togetherAt } from "./together.js";
import { type Watched, watchSeries } from "./watch-series.js";

/** What moved around a moment. */
export interface Around {
  /** In the order of their onset. */
  readonly movers: readonly Mover[];
  /** Labels over-represented among what moved together. */
  readonly groups: readonly Group[];
  readonly stayed: readonly Stayed[];
  /** Series that were compared, and indexes of those that could not be because too few earlier days have them. */
  readonly compared: number;
  readonly withoutReference: readonly number[];
  /** Changes that begin in as long a window on ordinary days, found in the same way. */
  readonly usualChanges: number;
}

export interface AroundOptions {
  /** Share of the list that may be there by chance. Default 0.05. */
  readonly falseShare?: number;
  /** Takes how many series have been looked at; may throw to end it. */
  readonly onWatched?: (done: number) => void;
}

const USUAL_FALSE_SHARE = 0.05;
/** The changes of an ordinary day are at least half a one: none in a week does not say never. */
const LEAST_USUAL = 0.5;
/** What belongs together more likely than not. */
export const TOGETHER = 0.5;

/**
 * Which of the series changed in the window against their own reference (the hours before it, and the same hours of earlier
 * days), when, and which were first.
 *
 * Each series is scanned for one shift (`shift-scan.ts`) and for a silence. The same scan is replayed over its earlier days, and
 * only what is unusual against these counts (`moderated.ts`), so a noisy series is no more likely to be listed than a quiet one.
 * All replays together say how likely a value is without any change (`chance.ts`), and the list is cut where the given share of
 * it would be there by chance (`false-share.ts`).
 */
export function whatMoved(series: readonly Stretches[], frame: Frame, options: AroundOptions = {}): Around {
  const watched: { readonly index: number; readonly of: Watched }[] = [];
  const withoutReference: number[] = [];
  series.forEach((one, index) => {
    const of = watchSeries(one, frame);
    if (of === undefined) withoutReference.push(index);
    else watched.push({ index, of });
    options.onWatched?.(index + 1);
  });
  const of = watched.map((one) => one.of);
  const shifts = judged(of);
  // Each series is judged twice, so each of its chances counts double (Bonferroni).
  const chances = watched.map((_, i) => Math.min(1, 2 * Math.min(shifts[i].chance, of[i].silenceChance)));
  const shares = falseShares(chances);
  const most = options.falseShare ?? USUAL_FALSE_SHARE;
  const listed = watched.flatMap((_, i) => (shares[i] <= most ? [i] : []));
  const cut = listed.reduce((highest, i) => Math.max(highest, chances[i]), 0);
  const usualChanges = Math.max(LEAST_USUAL, usualIn(of, shifts, cut / 2));
  const found = listed.map((i) => {
    const { index, of: own } = watched[i];
    const isSilent = own.silenceChance < shifts[i].chance;
    const score = isSilent ? null : shifts[i].score;
    return moverOf(series[index], frame, own, { index, isSilent, score, chance: chances[i], falseShare: shares[i] });
  });
  const { beginnings, groups } = belonging(series, watched, found, frame, {
    usualChanges,
    ordinary: shifts.flatMap(({ replays }) => replays.map((chance) => 2 * chance).filter((chance) => chance <= cut)),
    cut,
  });
  const first = firstChances(beginnings);
  const movers = found
    .map(({ mover }, i) => ({ ...mover, together: sumOf(beginnings[i].chances), ...first[i] }))
    .sort((a, b) => a.onsetMs - b.onsetMs || a.chance - b.chance);
  return {
    movers,
    groups,
    stayed: stillOnes(watched, chances, movers),
    compared: watched.length,
    withoutReference,
    usualChanges,
  };
}

/**
 * The likeliest first movers: of those that belong together more likely than not, and then of the others. By the chance to be one
 * of the first two: an unrelated incident just before the first would else leave those after it to be ordered by what is least known of them.
 */
export function firstMovers({ movers }: Pick<Around, "movers">, most: number): readonly Mover[] {
  const belongs = ({ together }: Mover) => Number(together >= TOGETHER);
  return movers
    .toSorted((a, b) => belongs(b) - belongs(a) || b.firstTwo - a.firstTwo || a.onsetMs - b.onsetMs)
    .slice(0, most);
}

/** What is found on ordinary days with the same cut. */
interface Ordinary {
  readonly usualChanges: number;
  /** Their chances. */
  readonly ordinary: readonly number[];
  readonly cut: number;
}

/** Who belongs to what moved together, and since when, by time first and then by the label that is most frequent among them. */
function belonging(
  series: readonly Stretches[],
  watched: readonly { readonly index: number }[],
  found: readonly Found[],
  { window }: Frame,
  { usualChanges, ordinary, cut }: Ordinary,
): { readonly beginnings: readonly Beginning[]; readonly groups: readonly Group[] } {
  const windowMs = window.endMs - window.startMs;
  const background = { startMs: window.startMs, windowMs, rate: usualChanges / windowMs };
  const onsets = found.map(({ mover }) => ({
    timeMs: mover.onsetMs,
    labels: series[mover.index].labels,
    chance: mover.chance,
  }));
  const labels = watched.map(({ index }) => series[index].labels);
  const placeOf = new Map(watched.map(({ index }, place) => [index, place]));
  const members = (beginnings: readonly Beginning[]) =>
    found.flatMap(({ mover }, i) => (sumOf(beginnings[i].chances) >= TOGETHER ? [placeOf.get(mover.index)!] : []));
  const weighted = (common?: InCommon) => {
    const at = togetherAt(onsets, background, common);
    return found.map(({ beginning }, i) => belongingOf(beginning, (timeMs) => at(i, timeMs), background.rate));
  };
  const byTime = weighted();
  const moved = members(byTime);
  const chancesOf = (beginnings: readonly Beginning[]) =>
    found.flatMap(({ mover }, i) => (sumOf(beginnings[i].chances) >= TOGETHER ? [mover.chance] : []));
  const ofChance = rarityRatio(chancesOf(byTime), ordinary, cut);
  const [likeliest] = overRepresented(labels, moved);
  const group = likeliest && { of: likeliest, moved: moved.length, all: labels.length };
  const beginnings = weighted({ group, ofChance });
  return { beginnings, groups: overRepresented(labels, members(beginnings)) };
}

const sumOf = (chances: Float64Array) => chances.reduce((sum, chance) => sum + chance, 0);

/** A chance above which nothing hints at a change; below it a series may have moved without being listed. */
const STILL = 0.1;

function stillOnes(
  watched: readonly { readonly index: number; readonly of: Watched }[],
  chances: readonly number[],
  movers: readonly Mover[],
): Stayed[] {
  const placeOf = new Map(watched.map(({ index }, place) => [index, place]));
  const belong = movers.filter(({ together }) => together >= TOGETHER).map(({ index }) => placeOf.get(index)!);
  const others = [...watched.keys()].filter((place) => chances[place] > STILL);
  return stayedStill(
    watched.map(({ of }) => of.unusual),
    belong,
    others,
  ).map((one) => ({ ...one, index: watched[one.index].index }));
}

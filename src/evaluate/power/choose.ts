import type { DetectorName } from "../../detectors/registry.js";
import type { AlertBudget, Choice, SeriesPower } from "../../model/choice.js";
import { DAY_MS } from "../../time/duration.js";
import { alarmsAt, thresholdFor } from "../alarm-ladder.js";
import { CURVES, PLACES, shareFound } from "./curves.js";
import type { Smallest } from "./examine.js";
import type { Clean } from "./probe.js";
import type { Character } from "./traits.js";

/** Of incidents of the smallest size that is reported, this share is found: with four places, all of them. */
const FOUND_SHARE = 0.8;

/** One series that was examined: what each candidate finds in it. */
export interface ExaminedSeries {
  /** Its place in the inventory. */
  readonly series: number;
  /** By candidate, at the threshold that it runs at. */
  readonly smallest: readonly Smallest[];
  /** By candidate, at the threshold that it is compared at. */
  readonly compared: readonly Smallest[];
}

/** A candidate is better if its power is higher by this many standard errors … */
const SURE = 2.5;
/** … and by this share of all incidents: less is not worth a change. */
const WORTH = 0.03;

/** The scores of each candidate that count as an alarm. */
export interface Thresholds {
  /** What it runs at: 1, or more where that would be more alarms than the budget on the days without an incident. */
  readonly run: readonly number[];
  /** What it is compared at: as few alarms as the candidate with the fewest. Else the noisiest would find the most. */
  readonly equal: readonly number[];
  /** Candidates that surely give more alarms than another one at any threshold: silences and stalls of ordinary days. */
  readonly noisy: readonly boolean[];
}

/**
 * Where alarms lie on the scores of the candidates. None is made more sensitive than it is by itself.
 *
 * @param clean by series that was scored, then by candidate.
 */
export function thresholdsOf(
  clean: readonly (readonly Clean[])[],
  candidates: number,
  budget: AlertBudget,
): Thresholds {
  const days = Array.from({ length: candidates }, (_, c) => clean.flatMap((one) => one[c].days));
  const budgeted = days.map(({ length }) => Math.max(1, (budget.episodes * length * DAY_MS) / budget.perMs));
  const fewest = Math.max(1, Math.min(...budgeted, ...days.map((own) => alarmsAt(1, own))));
  const atLeast1 = (alarms: number, c: number) => Math.max(1, thresholdFor(alarms, days[c]));
  const runs = days.map((_, c) => clean.reduce((sum, one) => sum + one[c].runs, 0));
  const least = Math.min(...runs.map((own, c) => own + alarmsAt(1, days[c])));
  return {
    run: days.map((_, c) => atLeast1(budgeted[c], c)),
    equal: days.map((_, c) => atLeast1(fewest, c)),
    // Counts of rare events differ by chance by about the root of their sum.
    noisy: runs.map((own) => own - least > SURE * Math.sqrt(own + least)),
  };
}

/** What is known of every series of a model before the choice. */
export interface Characters {
  readonly characters: readonly Character[];
  /** Series that are too short to be examined. */
  readonly short: ReadonlySet<number>;
  readonly examined: readonly ExaminedSeries[];
  readonly candidates: readonly { readonly name: DetectorName; readonly divisor: number }[];
  readonly noisy: readonly boolean[];
  readonly budget: AlertBudget;
  readonly stepMs: number;
}

/**
 * Takes for each series the candidate with the most power, the first one where it is not surely another: they come cheapest first.
 * A series that was examined has figures of its own; all others have those of the examined series that are like them.
 *
 * @returns undefined where no series was examined.
 */
export function choose({
  characters,
  short,
  examined,
  candidates,
  noisy,
  budget,
  stepMs,
}: Characters): Choice | undefined {
  if (examined.length === 0) return undefined;
  const own = new Map(examined.map((one) => [one.series, one]));
  const like = new Map<string, readonly ExaminedSeries[]>();
  for (const one of examined) {
    const { trait } = characters[one.series];
    like.set(trait, [...(like.get(trait) ?? []), one]);
  }
  const quiet = candidates.flatMap((_, c) => (noisy[c] ? [] : [c]));
  const best = (group: readonly ExaminedSeries[], otherwise: number) => bestOf(group, quiet, stepMs) ?? otherwise;
  const unknown = best(examined, quiet[0]);
  const ofGroup = new Map([...like].map(([trait, group]) => [trait, best(group, quiet[0])]));
  return {
    budget,
    share: FOUND_SHARE,
    detectors: candidates,
    unknown,
    curves: CURVES.map(({ name, grows, durationMs }) => ({ name, grows, durationMs })),
    series: characters.map(({ trait, level, spread }, i): SeriesPower => {
      const measured = own.get(i);
      const group = measured === undefined ? (like.get(trait) ?? examined) : [measured];
      const usual = ofGroup.get(trait) ?? unknown;
      const detector = measured === undefined ? usual : best([measured], usual);
      return {
        detector,
        power: rounded(meanShare(group, detector, stepMs)),
        trait: short.has(i) ? "short" : trait,
        measured: measured !== undefined,
        level: rounded(level),
        spread: rounded(spread),
        smallest: CURVES.map((curve, c) => {
          const size = reachedBy(group.flatMap((one) => one.smallest[detector][c]));
          if (size === Number.POSITIVE_INFINITY) return null;
          return curve.grows === "size" ? rounded(size) : size * stepMs;
        }),
      };
    }),
  };
}

/** Undefined where none is surely better than another. @param candidates the cheapest first. */
function bestOf(
  group: readonly ExaminedSeries[],
  [first, ...others]: readonly number[],
  stepMs: number,
): number | undefined {
  let best: number | undefined;
  for (const c of others) {
    const gains = group.flatMap((one) => gainsOf(one, c, best ?? first, stepMs));
    const mean = gains.reduce((sum, gain) => sum + gain, 0) / gains.length;
    const variance = gains.reduce((sum, gain) => sum + (gain - mean) ** 2, 0) / Math.max(1, gains.length - 1);
    if (mean > WORTH && mean > SURE * Math.sqrt(variance / gains.length)) best = c;
    else if (best === undefined && mean < -SURE * Math.sqrt(variance / gains.length)) best = first;
  }
  return best;
}

/** By place, how much more of all incidents one candidate finds there than another: what is alike in a place does not blur it. */
function gainsOf({ compared }: ExaminedSeries, one: number, other: number, stepMs: number): number[] {
  return Array.from({ length: PLACES }, (_, place) => {
    const gains = CURVES.map(
      (curve, c) =>
        shareFound(curve, compared[one][c][place], stepMs) - shareFound(curve, compared[other][c][place], stepMs),
    );
    return gains.reduce((sum, gain) => sum + gain, 0) / gains.length;
  });
}

function meanShare(group: readonly ExaminedSeries[], detector: number, stepMs: number): number {
  const shares = group.flatMap(({ smallest }) =>
    CURVES.flatMap((curve, c) => smallest[detector][c].map((one) => shareFound(curve, one, stepMs))),
  );
  return shares.reduce((sum, share) => sum + share, 0) / shares.length;
}

/**
 * The size that `FOUND_SHARE` of further incidents reach: of n smallest sizes the k-th is reached by k / (n + 1) of what is drawn like
 * them, whatever they are distributed like (as in conformal prediction).
 */
function reachedBy(smallest: readonly number[]): number {
  const sorted = Float64Array.from(smallest).sort();
  return sorted[Math.min(sorted.length, Math.ceil(FOUND_SHARE * (sorted.length + 1) - 1e-9)) - 1];
}

/** Figures for people, and of a file that should stay small. */
function rounded(value: number): number {
  return Number(value.toPrecision(4));
}

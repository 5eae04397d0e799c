import type { FittedDetector } from "../../detectors/detector.js";
import { seededRandom } from "../../math/random.js";
import { type Series, seriesKey } from "../../series/series.js";
import { DAY_MS } from "../../time/duration.js";
import { CURVES, PLACES, SIZE_RUNGS, sizeOf, slotsOf } from "./curves.js";
import { type Clean, openProbe, replayClean, type SlotsToAlarm } from "./probe.js";
import { smallestRung } from "./smallest-rung.js";

/** One series to examine. */
export interface Subject {
  /** With the past that detectors need before `countedFromMs`. */
  readonly series: Series;
  /** The begin of the days that no detector was fitted on. */
  readonly countedFromMs: number;
  /** What sizes are counted in, in the metric's unit. */
  readonly spread: number;
  readonly seed: number;
}

/** By curve and place: the smallest incident that was found, in spreads or in slots; infinite where none was. */
export type Smallest = readonly (readonly number[])[];

/** The series as each detector scores it without an incident; undefined where it has no place for one. */
export function scoreClean(detectors: readonly FittedDetector[], subject: Subject): readonly Clean[] | undefined {
  const { series, countedFromMs } = subject;
  const places = placesOf(subject);
  if (places === undefined) return undefined;
  const countedFrom = Math.round((countedFromMs - series.startMs) / series.stepMs);
  return detectors.map((detector) => replayClean(detector, knownOf(detector, series), series, { places, countedFrom }));
}

/**
 * Lets each detector find incidents of known shape, size and length in days that it was not fitted on: all at the same places, one in
 * each part of the days, so that hours of day and night both come up.
 *
 * @param clean as `scoreClean` gave it. @param thresholds by detector the score that is an alarm; several lists of them may be tried.
 * @returns by list and detector.
 */
export function examine(
  detectors: readonly FittedDetector[],
  subject: Subject,
  clean: readonly Clean[],
  thresholds: readonly (readonly number[])[],
): readonly (readonly Smallest[])[] {
  const { series, spread, seed } = subject;
  const places = placesOf(subject) ?? [];
  const byDetector = detectors.map((detector, d) => {
    const known = knownOf(detector, series);
    const at = (threshold: number) => {
      const slotsToAlarm = openProbe(detector, known, series, { places, clean: clean[d], threshold });
      return smallestOf(slotsToAlarm, { spread, stepMs: series.stepMs, seed });
    };
    const tried = new Map<number, Smallest>();
    return thresholds.map((list) => {
      const smallest = tried.get(list[d]) ?? at(list[d]);
      tried.set(list[d], smallest);
      return smallest;
    });
  });
  return thresholds.map((_, list) => byDetector.map((lists) => lists[list]));
}

function knownOf(detector: FittedDetector, series: Series) {
  return detector.learnedOf(seriesKey(series.labels)) ?? detector.describe(series);
}

function smallestOf(
  slotsToAlarm: SlotsToAlarm,
  { spread, stepMs, seed }: { readonly spread: number; readonly stepMs: number; readonly seed: number },
): Smallest {
  /** Of each place, the slots to the alarm of each shape and size that was tried: incidents that differ in length begin alike. */
  const tried = Array.from({ length: PLACES }, () => new Map<string, number>());
  return CURVES.map((curve) => {
    const slots = slotsOf(curve, stepMs);
    const longest = Math.max(...CURVES.filter(({ shape }) => shape === curve.shape).map((one) => slotsOf(one, stepMs)));
    let guess = Math.floor(SIZE_RUNGS / 2);
    return tried.map((known, place) => {
      const delayAt = (rung: number) => {
        const key = `${curve.shape} ${rung}`;
        // Of one place all sizes are the same incident, drawn larger: what finds the small one finds the large one.
        const incident = { shape: curve.shape, slots, size: sizeOf(rung) * spread, seed: seed + place };
        const delay = known.get(key) ?? slotsToAlarm(place, incident, longest);
        known.set(key, delay);
        return delay;
      };
      if (curve.grows === "length") return delayAt(0);
      guess = smallestRung((rung) => delayAt(rung) <= slots, SIZE_RUNGS, guess);
      return guess < SIZE_RUNGS ? sizeOf(guess) : Number.POSITIVE_INFINITY;
    });
  });
}

/** Slots with room for the longest incident behind them, one in each part of the days that count; rising. */
function placesOf({ series: { startMs, stepMs, values }, countedFromMs, seed }: Subject): number[] | undefined {
  const countedFrom = Math.round((countedFromMs - startMs) / stepMs);
  const until = values.length - Math.round(DAY_MS / stepMs);
  const part = Math.floor((until - countedFrom) / PLACES);
  if (countedFrom < 0 || part < 1) return undefined;
  const random = seededRandom(seed);
  const places: number[] = [];
  for (let k = 0; k < PLACES; k++) {
    const first = countedFrom + k * part;
    const turn = Math.floor(random() * part);
    // An incident begins with a value: from the drawn slot on the next that has one.
    const at = Array.from({ length: part }, (_, i) => first + ((turn + i) % part)).find((i) => values[i] === values[i]);
    if (at === undefined) return undefined;
    places.push(at);
  }
  return places;
}

import type { Points } from "./points.js";

/** A stretch in which the distance between points is steadily another one than the series' step. */
export interface StepChange {
  readonly stepMs: number;
  readonly startMs: number;
  readonly endMs: number;
}

export interface StepMeasure {
  /** The most common distance between neighbouring points; undefined with fewer than two points. */
  readonly stepMs: number | undefined;
  /** Stretches with another step, longest runs only; a metric whose retention thins out with age has one. */
  readonly changes: readonly StepChange[];
}

/** Under this, jitter of a second is a large part of the distance, so that rounding to seconds would hide the step. */
const ROUNDED_FROM_MS = 10_000;
/** A distance that repeats an hour's worth of 5-minute points in a row, in 5 % of the series, is no accident of gaps. */
const CHANGE_RUN = 12;
const CHANGE_SHARE = 0.05;

interface Distance {
  count: number;
  run: number;
  runStartMs: number;
  runEndMs: number;
}

/** Values that are steadily as far apart as this share of their distances says are a series of that step. */
const STEADY_SHARE = 0.8;

/**
 * The step of a series: the most common positive distance between points that hold a value (ties: the smaller one).
 * Points without a value are skipped, so a 5-minute series that was exported on a 1-minute grid has a step of 5
 * minutes; where there are few values, or their distances vary, the times of all points decide. From 10 s up, distances are rounded to whole
 * seconds, because clocks jitter.
 *
 * @example measureStep({ times: Float64Array.of(0, 60_000, 180_000, 240_000), values }).stepMs // 60_000
 */
export function measureStep({ times, values }: Points): StepMeasure {
  const ofValues = distancesOf(times, values);
  const byValues = mostCommon(ofValues);
  if (byValues.count >= CHANGE_RUN && byValues.count >= STEADY_SHARE * byValues.total)
    return withChanges(byValues, ofValues);
  const ofTimes = distancesOf(times);
  const byTimes = mostCommon(ofTimes);
  return byTimes.total === 0 ? { stepMs: undefined, changes: [] } : withChanges(byTimes, ofTimes);
}

interface Common {
  readonly stepMs: number;
  readonly count: number;
  readonly total: number;
}

function mostCommon(distances: ReadonlyMap<number, Distance>): Common {
  let stepMs = 0;
  let most = 0;
  let total = 0;
  for (const [distanceMs, { count }] of distances) {
    total += count;
    if (count > most || (count === most && distanceMs < stepMs)) {
      stepMs = distanceMs;
      most = count;
    }
  }
  return { stepMs, count: most, total };
}

function withChanges({ stepMs, total }: Common, distances: ReadonlyMap<number, Distance>): StepMeasure {
  const changes = [...distances]
    .filter(([ms, d]) => ms !== stepMs && d.run >= CHANGE_RUN && d.count >= CHANGE_SHARE * total)
    .map(([ms, d]) => ({ stepMs: ms, startMs: d.runStartMs, endMs: d.runEndMs }))
    .sort((a, b) => a.startMs - b.startMs);
  return { stepMs, changes };
}

/** The distances between neighbouring points, of those that hold a value or, without `values`, of all. */
function distancesOf(times: Float64Array, values?: Float64Array): Map<number, Distance> {
  const distances = new Map<number, Distance>();
  let previousMs = Number.NaN;
  let runMs = 0;
  let lastApartMs = Number.NaN;
  let run = 0;
  let runStartMs = 0;
  const endRun = () => {
    if (run === 0) return;
    const known = distances.get(runMs);
    if (known === undefined) distances.set(runMs, { count: run, run, runStartMs, runEndMs: previousMs });
    else {
      known.count += run;
      if (run > known.run) {
        known.run = run;
        known.runStartMs = runStartMs;
        known.runEndMs = previousMs;
      }
    }
  };
  for (let i = 0; i < times.length; i++) {
    if (values !== undefined && values[i] !== values[i]) continue;
    const timeMs = times[i];
    const apartMs = timeMs - previousMs;
    if (apartMs === lastApartMs) run++;
    else if (apartMs > 0) {
      lastApartMs = apartMs;
      const distanceMs = apartMs >= ROUNDED_FROM_MS ? Math.round(apartMs / 1000) * 1000 : apartMs;
      if (distanceMs === runMs) run++;
      else {
        endRun();
        runMs = distanceMs;
        run = 1;
        runStartMs = previousMs;
      }
    }
    previousMs = timeMs;
  }
  endRun();
  return distances;
}

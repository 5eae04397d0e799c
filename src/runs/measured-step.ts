import { resample } from "../series/resample.js";
import type { Series, TimeRange } from "../series/series.js";
import type { FetchResult, Target } from "../sources/source.js";
import { DAY_MS, HOUR_MS } from "../time/duration.js";

/** The history of all targets on one step that was measured in it. */
export interface Measured {
  readonly stepMs: number;
  /** Answers what lies within the history from it; undefined: it has to be fetched. */
  /** Series that cannot be brought to it, by their own step. */
  readonly others: ReadonlyMap<number, readonly Series[]>;
  readonly answer: (targets: readonly Target[], range: TimeRange) => FetchResult | undefined;
}

/**
 * Fetches the history without a step, because no model says which, and takes the step that most series have.
 *
 * Finer series are brought to it. Coarser ones cannot be, and stay on their own.
 *
 * @param isPromql such servers answer on any step, so the coarsest is one that all can have.
 * @returns undefined where no series shows a step.
 */
export async function measureHistory(
  fetch: (range: TimeRange) => Promise<FetchResult>,
  targets: readonly Target[],
  { fromMs, untilMs, historyMs, isPromql }: { fromMs: number; untilMs: number; historyMs: number; isPromql: boolean },
): Promise<Measured | undefined> {
  // As far back as any series may be replayed from, whatever the step turns out to be.
  const range = { startMs: fromMs - historyMs - DAY_MS - 2 * HOUR_MS, endMs: untilMs };
  const fetched = await fetch(range);
  const steps = fetched.series.map(({ stepMs }) => stepMs);
  if (steps.length === 0) return undefined;
  const stepMs = isPromql ? Math.max(...steps) : mostFrequent(steps);
  const onStep: Series[] = [];
  const others = new Map<number, Series[]>();
  for (const series of fetched.series) {
    if (stepMs % series.stepMs === 0) onStep.push(resample(series, stepMs));
    else others.set(series.stepMs, [...(others.get(series.stepMs) ?? []), series]);
  }
  const result = { ...fetched, series: onStep };
  return {
    stepMs,
    others,
    answer: (asked, wanted) =>
      asked === targets && wanted.startMs >= range.startMs && wanted.endMs <= range.endMs ? result : undefined,
  };
}

function mostFrequent(steps: readonly number[]): number {
  const counts = new Map<number, number>();
  for (const step of steps) counts.set(step, (counts.get(step) ?? 0) + 1);
  return [...counts].reduce((best, one) =>
    one[1] > best[1] || (one[1] === best[1] && one[0] < best[0]) ? one : best,
  )[0];
}

import type { SeriesStatus } from "../../records/status.js";
import type { SeriesPoints } from "../../runs/find-anomalies.js";
import { seriesKey } from "../../series/series.js";
import { publishedLabels } from "../exposition/series-labels.js";
import { seriesTag } from "./marks.js";

/** Samples of one series as a receiver takes them: in the order of time, each time once, no NaN. */
export interface SampleSeries {
  /** By name, `__name__` among them. */
  readonly labels: readonly (readonly [name: string, value: string])[];
  /** Epoch ms. */
  readonly times: readonly number[];
  readonly values: readonly number[];
}

/** The metrics that are written, and the figure that each shows. */
export const WRITTEN = [
  ["anomaly_score", "score"],
  ["anomaly_observed", "observed"],
  ["anomaly_expected", "expected"],
  ["anomaly_lower", "lower"],
  ["anomaly_upper", "upper"],
] as const satisfies readonly (readonly [string, keyof SeriesPoints])[];

/** The labels that a series of a job is published with. */
export interface PublishedName {
  /** Of each of `WRITTEN`, `__name__` among them. */
  readonly labels: readonly SampleSeries["labels"][];
  /** Two series have the same key exactly if a receiver cannot tell them apart. */
  readonly key: string;
}

/** A series of a job as it is published. */
export interface Published extends PublishedName {
  readonly points: SeriesPoints;
}

const byName = ([a]: readonly [string, string], [b]: readonly [string, string]) => (a < b ? -1 : a > b ? 1 : 0);

/**
 * @param statuses say what each series is. A second series with the labels of another one is left out, and counted.
 * @param before the names of the run before: making them anew takes longer than all the rest.
 */
export function published(
  job: string,
  statuses: readonly SeriesStatus[],
  points: readonly SeriesPoints[],
  before: ReadonlyMap<string, PublishedName> = new Map(),
): {
  readonly series: readonly Published[];
  readonly twins: number;
  readonly names: ReadonlyMap<string, PublishedName>;
} {
  let known: ReadonlyMap<string, SeriesStatus> | undefined;
  const nameOf = (one: SeriesPoints, key: string): PublishedName => {
    known ??= new Map(statuses.map((status) => [seriesKey(status.labels), status]));
    const { machine, aggregator } = known.get(key) ?? { machine: "", aggregator: "" };
    const all = publishedLabels(job, { name: one.name, machine, aggregator, labels: one.labels });
    // An empty label is none for a receiver.
    const own = [...all].filter(([, value]) => value !== "").sort(byName);
    return {
      key: seriesTag(JSON.stringify(own)),
      labels: WRITTEN.map(([name]) => [["__name__", name] as const, ...own].sort(byName)),
    };
  };
  const names = new Map<string, PublishedName>();
  const series = new Map<string, Published>();
  for (const one of points) {
    const key = seriesKey(one.labels);
    const name = before.get(key) ?? nameOf(one, key);
    names.set(key, name);
    if (!series.has(name.key)) series.set(name.key, { ...name, points: one });
  }
  return { series: [...series.values()], twins: points.length - series.size, names };
}

/** The slots of a series that have a score and begin within `(afterMs, nowMs]`, as samples of five metrics. NaN is left out. */
export function samplesOf({ points, labels }: Published, afterMs: number, nowMs: number): readonly SampleSeries[] {
  const { startMs, stepMs, score } = points;
  const slots: number[] = [];
  const first = Math.max(0, Math.floor((afterMs - startMs) / stepMs) + 1);
  for (let slot = first; slot < score.length && startMs + slot * stepMs <= nowMs; slot++) {
    if (score[slot] === score[slot]) slots.push(slot);
  }
  if (slots.length === 0) return [];
  return WRITTEN.flatMap(([, figure], i) => {
    const values = points[figure];
    const own = slots.filter((slot) => values[slot] === values[slot]);
    if (own.length === 0) return [];
    const times = own.map((slot) => startMs + slot * stepMs);
    return [{ labels: labels[i], times, values: own.map((slot) => values[slot]) }];
  });
}

export function sampleCount(series: readonly SampleSeries[]): number {
  return series.reduce((sum, { times }) => sum + times.length, 0);
}

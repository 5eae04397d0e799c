import type { SeriesStatus } from "../../records/status.js";
import type { SeriesPoints } from "../../runs/find-anomalies.js";
import { seriesKey } from "../../series/series.js";
import { publishedLabels } from "../exposition/series-labels.js";

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

/** A series of a job under the labels that it is published with. */
export interface Published {
  readonly points: SeriesPoints;
  readonly labels: readonly (readonly [name: string, value: string])[];
  /** Two series have the same key exactly if a receiver cannot tell them apart. */
  readonly key: string;
}

/** @param statuses say what each series is. A second series with the labels of another one is left out, and counted. */
export function published(
  job: string,
  statuses: readonly SeriesStatus[],
  points: readonly SeriesPoints[],
): { readonly series: readonly Published[]; readonly twins: number } {
  const known = new Map(statuses.map((status) => [seriesKey(status.labels), status]));
  const byKey = new Map<string, Published>();
  for (const one of points) {
    const { machine, aggregator } = known.get(seriesKey(one.labels)) ?? { machine: "", aggregator: "" };
    const own = publishedLabels(job, { name: one.name, machine, aggregator, labels: one.labels });
    // An empty label is none for a receiver.
    const labels = [...own].filter(([, value]) => value !== "").sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0));
    const key = JSON.stringify(labels);
    if (!byKey.has(key)) byKey.set(key, { points: one, labels, key });
  }
  return { series: [...byKey.values()], twins: points.length - byKey.size };
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
  return WRITTEN.flatMap(([name, figure]) => {
    const own = slots.filter((slot) => points[figure][slot] === points[figure][slot]);
    if (own.length === 0) return [];
    return [
      {
        labels: [["__name__", name] as const, ...labels].sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0)),
        times: own.map((slot) => startMs + slot * stepMs),
        values: own.map((slot) => points[figure][slot]),
      },
    ];
  });
}

export function sampleCount(series: readonly SampleSeries[]): number {
  return series.reduce((sum, { times }) => sum + times.length, 0);
}

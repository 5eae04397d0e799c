import { SERIES_STATES } from "../../records/status.js";
import type { Labels } from "../../series/series.js";
import { HOUR_MS } from "../../time/duration.js";
import type { JobFindings } from "../findings.js";
import type { SeriesNow } from "../run/series-now.js";
import { openText } from "./open-text.js";
import { publishedLabels } from "./series-labels.js";
import { headOf, labelText, sampleLine } from "./text.js";

/** How findings are named: our own names, or with those that dashboards for forecasts expect beside them. */
export type Names = "anomaly" | "yhat";

/** A server refuses samples that are much older; a series whose data is late is not thrown away with the others. */
const OLDEST_MS = HOUR_MS;
/** Series whose lines are written in one go: a fraction of a millisecond each hundred. */
const SERIES_A_PIECE = 500;

interface FindingMetric {
  readonly name: string;
  readonly help: string;
  readonly value: (series: SeriesNow) => number;
}

const METRICS: readonly FindingMetric[] = [
  {
    name: "anomaly_score",
    help: "How anomalous the newest scored slot is. 1 is exactly the alerting threshold. The sample's time is the data's.",
    value: ({ score }) => score,
  },
  {
    name: "anomaly_observed",
    help: "The value that was scored, in the metric's own unit.",
    value: ({ observed }) => observed,
  },
  {
    name: "anomaly_expected",
    help: "The value that was expected in that slot.",
    value: ({ expected }) => expected,
  },
  {
    name: "anomaly_lower",
    help: "Lower edge of the band in which a value by itself scores below 1.",
    value: ({ lower }) => lower,
  },
  {
    name: "anomaly_upper",
    help: "Upper edge of the band in which a value by itself scores below 1.",
    value: ({ upper }) => upper,
  },
];

const STATUS_HELP = `What the newest run said of a series, as 1 under its status (${SERIES_STATES.join(", ")}). Only ok is normal.`;

/** What each metric about series means, by its name. */
export function metricHelp(): Readonly<Record<string, string>> {
  return { ...Object.fromEntries(METRICS.map(({ name, help }) => [name, help])), anomaly_status: STATUS_HELP };
}

const FORECAST: readonly { readonly suffix: string; readonly value: (series: SeriesNow) => number }[] = [
  { suffix: "_yhat", value: ({ expected }) => expected },
  { suffix: "_yhat_lower", value: ({ lower }) => lower },
  { suffix: "_yhat_upper", value: ({ upper }) => upper },
];

/** The label texts of series, which do not change while the series is there. */
const texts = new WeakMap<Labels, string>();

function labelsOf(job: string, series: SeriesNow): string {
  const known = texts.get(series.labels);
  if (known !== undefined) return known;
  const text = labelText(publishedLabels(job, series));
  texts.set(series.labels, text);
  return text;
}

export interface FindingsTextOptions {
  readonly names: Names;
  readonly nowMs: number;
  /** Series beyond it are left out, and counted. */
  readonly mostSeries: number;
}

/**
 * The findings of all jobs as text, in pieces: whoever writes them can do something else in between.
 *
 * A series without a score yet has a status only; of figures that are not known there is no sample.
 */
export function* findingsText(jobs: readonly JobFindings[], options: FindingsTextOptions): Generator<string> {
  const { nowMs, mostSeries } = options;
  const series: { readonly labels: string; readonly now: SeriesNow }[] = [];
  let tooMany = 0;
  let tooOld = 0;
  for (const job of jobs) {
    for (const now of job.series()) {
      if (series.length < mostSeries) series.push({ labels: labelsOf(job.name, now), now });
      else tooMany++;
      if (series.length % SERIES_A_PIECE === 0) yield "";
    }
  }
  const isFresh = ({ atMs }: SeriesNow) => nowMs - atMs <= OLDEST_MS;
  for (const { name, help, value } of METRICS) {
    yield* samples(name, help, series, (now) => (isFresh(now) ? value(now) : Number.NaN));
  }
  for (const { now } of series) if (now.atMs === now.atMs && !isFresh(now)) tooOld++;
  if (options.names === "yhat") yield* forecastText(series, isFresh);
  yield headOf("anomaly_status", "gauge", STATUS_HELP);
  yield* pieces(series, ({ labels, now }) =>
    sampleLine("anomaly_status", `${labels.slice(0, -1)},status="${now.state}"}`, 1),
  );
  // Without a limit in the way all are shown, also of series that the newest run has not looked at.
  const shown = tooMany === 0 ? undefined : new Set(series.map(({ labels }) => labels));
  yield* openText(jobs, (labels) => shown?.has(labels) ?? true);
  yield headOf("anomaly_left_out_series", "gauge", "Series whose findings are not published, by reason.");
  yield sampleLine("anomaly_left_out_series", '{reason="limit"}', tooMany);
  yield sampleLine("anomaly_left_out_series", '{reason="old"}', tooOld);
}

type Line = { readonly labels: string; readonly now: SeriesNow };

function* samples(
  name: string,
  help: string,
  series: readonly Line[],
  value: (now: SeriesNow) => number,
): Generator<string> {
  yield headOf(name, "gauge", help);
  yield* pieces(series, ({ labels, now }) => {
    const figure = value(now);
    return figure === figure ? sampleLine(name, labels, figure, now.atMs) : "";
  });
}

function* pieces<T>(all: readonly T[], line: (one: T) => string): Generator<string> {
  for (let at = 0; at < all.length; at += SERIES_A_PIECE) {
    let piece = "";
    for (const one of all.slice(at, at + SERIES_A_PIECE)) piece += line(one);
    yield piece;
  }
}

/** `<metric>_yhat` and its band, each metric under its own name. */
function* forecastText(series: readonly Line[], isFresh: (now: SeriesNow) => boolean): Generator<string> {
  const byMetric = new Map<string, Line[]>();
  for (const one of series) {
    const metric = metricName(/[{,]for="((?:[^"\\]|\\.)*)"/.exec(one.labels)?.[1] ?? "value");
    byMetric.set(metric, [...(byMetric.get(metric) ?? []), one]);
  }
  for (const [metric, own] of byMetric) {
    for (const { suffix, value } of FORECAST) {
      const help = `The same as anomaly_${suffix === "_yhat" ? "expected" : suffix.slice("_yhat_".length)}, under the metric's name.`;
      yield* samples(`${metric}${suffix}`, help, own, (now) => (isFresh(now) ? value(now) : Number.NaN));
    }
  }
}

function metricName(text: string): string {
  return text.replace(/[^a-zA-Z0-9_:]/g, "_").replace(/^(?=[0-9])/, "_");
}

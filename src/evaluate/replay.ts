import { DEFAULT_KNOBS } from "../anomalies/knobs.js";
import { recordsOf } from "../anomalies/records-of.js";
import type { Trace } from "../anomalies/trace.js";
import type { Detector } from "../detectors/kind.js";
import type { DetectorName } from "../detectors/registry.js";
import type { AnomalyRecord } from "../records/record.js";
import { exclude } from "../series/exclude.js";
import { endMs, type Series, seriesKey, type TimeRange } from "../series/series.js";
import { backtestSeries, detectorsOf } from "./backtest.js";
import { type SeriesFigures, seriesFigures } from "./figures.js";
import { fitsFor } from "./fits-for.js";
import type { BacktestFit, DetectorFrom, FittedAt } from "./fitting.js";
import { ignoredSlots } from "./scored-series.js";

/** What replaying any series of a run needs: plain data, sent to a thread once. */
export interface ReplayPlan {
  readonly detector: DetectorName | "auto";
  readonly options: BacktestFit;
  /** Rising in time, by group: series are fitted together with those of their group. */
  readonly fits: readonly (readonly FittedAt[])[];
  readonly ignoreMs: number;
  /** Also the volumes under the surface, which take longer than the replay. */
  readonly vus: boolean;
}

/** One series to replay; plain data. */
export interface ReplayTask {
  readonly series: Series;
  readonly label: Uint8Array | null;
  /** Index into the plan's `fits`. */
  readonly group: number;
  /** Spans whose slots do not count, such as maintenances. Default: none. */
  readonly uncounted?: readonly TimeRange[];
  /** Spans from which nothing is learned. Default: none. */
  readonly leftOut?: readonly TimeRange[];
}

export interface Replayed {
  readonly trace: Trace;
  /** The scores that are counted: NaN where the slot holds no value, or does not count. */
  readonly score: Float64Array;
  readonly figures: SeriesFigures;
  /** Episodes after the ignored time. */
  readonly records: readonly AnomalyRecord[];
}

/** Replays one series: scores, the figures that rank its slots, and its episodes. */
export function replay(task: ReplayTask, plan: ReplayPlan, detectorOf: (fit: FittedAt) => Detector): Replayed {
  const { series, label } = task;
  const fits = fitsFor(plan.fits[task.group], seriesKey(series.labels));
  const detectors = detectorsOf(detectorOf, fits, series, { ...plan.options, leftOut: task.leftOut });
  const trace = backtestSeries(series, detectors);
  // Labels speak of values; a silence is an episode in the records, and no row that could be right or wrong.
  const values = trace.score.map((value, i) => (Number.isNaN(series.values[i]) ? Number.NaN : value));
  const score = exclude({ ...series, values }, task.uncounted ?? []).values;
  const scored = {
    stepMs: series.stepMs,
    score,
    label: label ?? new Uint8Array(series.values.length),
    ignoreSlots: ignoredSlots(plan.ignoreMs, series.stepMs),
  };
  const records = stretchesOf(detectors).flatMap((stretch) => recordsIn(stretch, trace, plan.ignoreMs));
  return { trace, score, figures: seriesFigures(scored, plan.vus ? series.values : undefined), records };
}

/** Consecutive detectors of one name: a stretch of time in which it has found what was found. */
interface Stretch {
  readonly name: string;
  readonly fromMs: number;
  readonly untilMs: number;
}

function stretchesOf(detectors: readonly DetectorFrom[]): readonly Stretch[] {
  const first = detectors.filter(({ name }, k) => k === 0 || detectors[k - 1].name !== name);
  return first.map(({ name, fromMs }, k) => ({
    name,
    fromMs: k === 0 ? Number.NEGATIVE_INFINITY : fromMs,
    untilMs: first[k + 1]?.fromMs ?? Number.POSITIVE_INFINITY,
  }));
}

/** The episodes that alarmed in a stretch. */
function recordsIn({ name, fromMs, untilMs }: Stretch, trace: Trace, ignoreMs: number): readonly AnomalyRecord[] {
  const { series } = trace;
  const request = {
    knobs: DEFAULT_KNOBS,
    fromMs: series.startMs + ignoreMs,
    untilMs: endMs(series),
    // Fitted again at each date: there is no one model, and no one threshold.
    origin: { job: null, detector: name, model: name, model_version: null, threshold: null, threshold_divisor: null },
    // What a run at the end of the data would have found.
    detectedAtMs: endMs(series),
    targetOf: ({ name: of }: Series) => of,
    unit: null,
  };
  return recordsOf(trace, request, []).filter(({ alerted_at }) => {
    const alertedMs = Date.parse(alerted_at);
    return alertedMs > fromMs && alertedMs <= untilMs;
  });
}

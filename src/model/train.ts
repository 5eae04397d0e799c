import { profileSeries, type SeriesProfile } from "../detectors/profile.js";
import { InputError } from "../errors/errors.js";
import { featureNames, type View } from "../features/feature-machine.js";
import { planFeatures } from "../features/feature-plan.js";
import { DEFAULT_FOREST, type ForestOptions, growForest } from "../forest/grow.js";
import { exclude } from "../series/exclude.js";
import { coverage, endMs, type Series, seriesKey, type TimeRange } from "../series/series.js";
import { DAY_MS, formatDuration, WEEK_MS } from "../time/duration.js";
import { formatUtc } from "../time/format.js";
import { calibrate, type HeldOutError } from "./calibrate.js";
import { expectedEpisodes } from "./expected-episodes.js";
import type { Model } from "./model.js";
import { sampleRows } from "./sample-rows.js";
import { DEFAULT_THRESHOLD, formatThreshold, type Threshold, thresholdScore } from "./threshold.js";

export interface TrainOptions {
  readonly timezone: string;
  readonly seed: number;
  /** Series with a smaller share (0–1) of valid slots are left out. */
  readonly minCoverage: number;
  /** Stretches not to learn from, e.g. incidents. */
  readonly exclude: readonly TimeRange[];
  readonly threshold: Threshold;
  /** Rows the forest is grown on, at most. */
  readonly rows: number;
  readonly forest: ForestOptions;
  /** sha256 (hex) of the data. */
  readonly fingerprint: string;
}

/** 200,000 rows: twice as many lowered the held-out error by less than 1 % (docs/detection.md). */
export const DEFAULT_TRAINING: Omit<TrainOptions, "fingerprint"> = {
  timezone: "UTC",
  seed: 1,
  minCoverage: 0.05,
  exclude: [],
  threshold: DEFAULT_THRESHOLD,
  rows: 200_000,
  forest: DEFAULT_FOREST,
};

export interface LeftOut {
  readonly name: string;
  readonly reason: string;
}

export interface TrainSummary {
  readonly series: number;
  readonly leftOut: readonly LeftOut[];
  readonly stepMs: number;
  readonly range: TimeRange;
  /** Where fitting ends and calibration begins. */
  readonly calibratedFromMs: number;
  readonly points: number;
  readonly fittedRows: number;
  readonly calibratedRows: number;
  readonly seriesDays: number;
  /** Most important first; the shares of each view sum to 1. */
  readonly importance: readonly { readonly view: View; readonly feature: string; readonly share: number }[];
  /** On the days not fitted on. */
  readonly heldOutError: HeldOutError;
  readonly threshold: string;
  /** Alarms a week for all series together on ordinary data like the calibration days. */
  readonly expectedEpisodesPerWeek: number;
}

export type TrainPhase = "profiles" | "sampling" | "growing" | "calibrating";
export interface TrainProgress {
  readonly phase: TrainPhase;
  /** 0–1 within the phase. */
  readonly done: number;
}

const VIEWS: readonly View[] = ["recent", "seasonal"];

/** The forest learns from the first four fifths, the threshold from the last, newest one: later data, never seen. */
const FITTED_SHARE = 0.8;
/** Calibration days: enough for a p99 of series-days in a small family, no more than a month. */
const LEAST_CALIBRATION_MS = 2 * DAY_MS;
const MOST_CALIBRATION_MS = 28 * DAY_MS;
/**
 * Slots that are calibrated on, at most: 600 series of 20 minutes get four weeks, which take half of a training of 22 s. With half
 * of them the threshold of a fleet with rare ordinary spikes came out 8 to 20 % lower: a p99 of days lies where such spikes begin.
 */
const CALIBRATION_SLOTS = 1_500_000;
/** A day to warm up and two to see anything repeat. */
const LEAST_HISTORY_MS = 3 * DAY_MS;

/**
 * Learns one consolidated model for a family of series on one grid step.
 *
 * @param series all of one `stepMs`; NaN is a missing slot. They are not changed.
 * @throws InputError if no series is left, steps differ, or the history is shorter than three days.
 */
export function trainModel(
  series: readonly Series[],
  options: TrainOptions,
  onProgress?: (progress: TrainProgress) => void,
): { readonly model: Model; readonly summary: TrainSummary } {
  const { kept, leftOut } = selectSeries(series, options.minCoverage);
  const stepMs = kept[0].stepMs;
  const learned = kept.map((s) => exclude(s, options.exclude));
  const range = spanOf(learned);
  if (range.endMs - range.startMs < LEAST_HISTORY_MS) {
    const got = formatDuration(range.endMs - range.startMs);
    throw new InputError(
      "history",
      `the history covers ${got}; at least 72h are needed, and 15d or more to learn the week`,
    );
  }
  const plan = planFeatures(stepMs, range.endMs - range.startMs, options.timezone);
  const calibratedFromMs = splitTime(range, stepMs, learned.length);

  const base: SeriesProfile[] = learned.map((s, i) => {
    onProgress?.({ phase: "profiles", done: (i + 1) / learned.length });
    return profileSeries(fittedPart(s, calibratedFromMs));
  });
  const sampled = sampleRows(
    { series: learned, profiles: base, plan, untilMs: calibratedFromMs, rows: options.rows, seed: options.seed },
    (done) => onProgress?.({ phase: "sampling", done: done / learned.length }),
  );
  const fittedRows = Math.min(sampled.recent.targets.length, sampled.seasonal.targets.length);
  if (fittedRows < 2 * options.forest.leafRows) {
    throw new InputError(
      "history",
      `only ${fittedRows} usable rows before ${new Date(calibratedFromMs).toISOString()}; the series hold too few values to learn from`,
    );
  }
  const forestOptions = { ...options.forest, seed: options.seed };
  const grown = {
    recent: growForest(sampled.recent, forestOptions, (done) =>
      onProgress?.({ phase: "growing", done: done / (2 * forestOptions.trees) }),
    ),
    seasonal: growForest(sampled.seasonal, forestOptions, (done) =>
      onProgress?.({ phase: "growing", done: (forestOptions.trees + done) / (2 * forestOptions.trees) }),
    ),
  };
  const forests = { recent: grown.recent.forest, seasonal: grown.seasonal.forest };
  const calibrated = calibrate(
    { series: learned, profiles: base, plan, forests, fromMs: calibratedFromMs, untilMs: range.endMs },
    (done) => onProgress?.({ phase: "calibrating", done: done / learned.length }),
  );
  const model: Model = {
    plan,
    forests,
    calibration: calibrated.calibration,
    series: kept.map((s, i) => ({ name: s.name, labels: s.labels, profile: calibrated.profiles[i] })),
    unit: kept.find((s) => s.unit !== undefined)?.unit ?? null,
    threshold: options.threshold,
    fingerprint: options.fingerprint,
    options: {
      timezone: options.timezone,
      seed: options.seed,
      min_coverage: options.minCoverage,
      exclude: options.exclude.map((r) => `${formatUtc(r.startMs)}/${formatUtc(r.endMs)}`).join(" ") || null,
      rows: options.rows,
      trees: options.forest.trees,
      depth: options.forest.depth,
      leaf_rows: options.forest.leafRows,
      feature_share: options.forest.featureShare,
      row_share: options.forest.rowShare,
    },
  };
  const at = thresholdScore(options.threshold, calibrated.calibration.dailyMaxima);
  return {
    model,
    summary: {
      series: kept.length,
      leftOut,
      stepMs,
      range,
      calibratedFromMs,
      points: learned.reduce((sum, s) => sum + s.values.length * coverage(s.values), 0),
      fittedRows,
      calibratedRows: calibrated.rows,
      seriesDays: calibrated.calibration.seriesDays,
      importance: VIEWS.flatMap((view) =>
        featureNames(plan, view).map((feature, f) => ({ view, feature, share: grown[view].importance[f] })),
      ).sort((a, b) => b.share - a.share),
      heldOutError: calibrated.error,
      threshold: formatThreshold(options.threshold),
      expectedEpisodesPerWeek: expectedEpisodes(calibrated.calibration.dailyMaxima, at, kept.length, WEEK_MS),
    },
  };
}

function selectSeries(series: readonly Series[], minCoverage: number): { kept: Series[]; leftOut: LeftOut[] } {
  const leftOut: LeftOut[] = [];
  // Sorted, so that the order of files and columns changes nothing in the model.
  const ordered = [...series].sort((a, b) => (seriesKey(a.labels) < seriesKey(b.labels) ? -1 : 1));
  const kept = ordered.filter((s) => {
    const share = coverage(s.values);
    if (share >= minCoverage && share > 0) return true;
    const percent = (x: number) => `${Number((x * 100).toFixed(1))} %`;
    leftOut.push({
      name: seriesKey(s.labels),
      reason:
        share === 0
          ? "no values at all"
          : `${percent(share)} of its slots hold a value, ${percent(minCoverage)} needed`,
    });
    return false;
  });
  if (kept.length === 0) {
    const why = leftOut.length === 0 ? "there are no series" : `${leftOut[0].name}: ${leftOut[0].reason}`;
    throw new InputError("no_series", `nothing to learn from: ${why}; lower --min-coverage or give more history`);
  }
  const odd = kept.find((s) => s.stepMs !== kept[0].stepMs);
  if (odd !== undefined) {
    const steps = `${formatDuration(kept[0].stepMs)} and ${formatDuration(odd.stepMs)}`;
    throw new InputError("steps", `the series have different steps (${steps}); choose one with --step`);
  }
  return { kept, leftOut };
}

function spanOf(series: readonly Series[]): TimeRange {
  let startMs = Number.POSITIVE_INFINITY;
  let end = Number.NEGATIVE_INFINITY;
  for (const s of series) {
    startMs = Math.min(startMs, s.startMs);
    end = Math.max(end, endMs(s));
  }
  return { startMs, endMs: end };
}

function splitTime(range: TimeRange, stepMs: number, seriesCount: number): number {
  const spanMs = range.endMs - range.startMs;
  const affordableMs = (CALIBRATION_SLOTS / seriesCount) * stepMs;
  const wantedMs = Math.min(spanMs * (1 - FITTED_SHARE), MOST_CALIBRATION_MS, affordableMs);
  // Never more than half: a three-day history still has to be fitted on something.
  const lengthMs = Math.min(Math.max(wantedMs, LEAST_CALIBRATION_MS), spanMs / 2);
  return range.endMs - Math.round(lengthMs / stepMs) * stepMs;
}

/** The slots before the split; all of them for a series that has (almost) none there. */
function fittedPart(series: Series, untilMs: number): Float64Array {
  const n = Math.max(0, Math.min(series.values.length, Math.round((untilMs - series.startMs) / series.stepMs)));
  const part = series.values.subarray(0, n);
  return n * 5 >= series.values.length && coverage(part) > 0 ? part : series.values;
}

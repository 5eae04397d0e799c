import { InputError } from "../../../errors/errors.js";
import { featureNames, type View } from "../../../features/feature-machine.js";
import { planFeatures } from "../../../features/feature-plan.js";
import type { BinnedRows, TrainingRows } from "../../../forest/bins.js";
import { DEFAULT_FOREST, type ForestOptions } from "../../../forest/forest-options.js";
import { checkRows, type GrownForest, joinTrees } from "../../../forest/grow.js";
import { createInventory, type Inventory } from "../../../series/inventory.js";
import type { TimeRange } from "../../../series/series.js";
import type { StoredSeries } from "../../../shelf/stored-series.js";
import { DAY_MS, WEEK_MS } from "../../../time/duration.js";
import { formatUtc } from "../../../time/format.js";
import type { Course, FoundIncident, LeftOut } from "../../fit.js";
import { checkSpan, selectSeries, spanOf } from "../../select-series.js";
import { DEFAULT_THRESHOLD, formatThreshold, type Threshold, thresholdScore } from "../../threshold.js";
import { RAW_DIVISORS } from "../family.js";
import type { FamilyModel } from "../learned.js";
import { type HeldOutError, judgeDistances, judgeScores } from "./calibrate.js";
import { expectedEpisodes } from "./expected-episodes.js";
import type { SeriesPart } from "./replay-calibration.js";
import { joinRows, pickSlots } from "./sample-rows.js";
import { ask } from "./training-steps.js";

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
}

/** 200,000 rows: twice as many lowered the held-out error by less than 1 % (docs/detection.md). */
export const DEFAULT_TRAINING: TrainOptions = {
  timezone: "UTC",
  seed: 1,
  minCoverage: 0.05,
  exclude: [],
  threshold: DEFAULT_THRESHOLD,
  rows: 200_000,
  forest: DEFAULT_FOREST,
};

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
  /** Found in the calibration days and left out of the calibration, by series. */
  readonly incidents: readonly FoundIncident[];
  /** Alarms a week for all series together on ordinary data like the calibration days. */
  readonly expectedEpisodesPerWeek: number;
}

const VIEWS: readonly View[] = ["recent", "seasonal"];

/** The forest learns from the first four fifths, the threshold from the last, newest one: later data, never seen. */
const FITTED_SHARE = 0.8;
/**
 * Calibration days: enough for a p99 of series-days in a small family, no more than a month. A week, because with two days of ten
 * an incident of half a day in all series hid 8 % of the later ones that doubled the values, with five days none (`bench/contamination`).
 */
const LEAST_CALIBRATION_MS = 7 * DAY_MS;
const MOST_CALIBRATION_MS = 28 * DAY_MS;
/**
 * Slots that are calibrated on, at most: 600 series of 20 minutes get four weeks, which take half of a training of 22 s. With half
 * of them the threshold of a fleet with rare ordinary spikes came out 8 to 20 % lower: a p99 of days lies where such spikes begin.
 */
const CALIBRATION_SLOTS = 1_500_000;

/** Parts that the series are cut into: enough for the progress line and for threads that are not equally fast. */
const SERIES_PARTS = 48;

export interface Trained {
  readonly model: FamilyModel;
  /** The series that it was trained on. */
  readonly inventory: Inventory;
  /** Of the values, where the data said it. */
  readonly unit: string | null;
  /** What shapes the result, for people and for reproducing. */
  readonly options: Readonly<Record<string, string | number | boolean | null>>;
  readonly summary: TrainSummary;
}

/**
 * The course of a training: yields batches of work, and continues with their results. It holds no values of the series itself,
 * so that they may lie in a file, and nothing in it depends on who does the work.
 */
export function* training(series: readonly StoredSeries[], options: TrainOptions): Course<Trained> {
  const { kept, leftOut } = selectSeries(series, options.minCoverage);
  const stepMs = kept[0].stepMs;
  const range = spanOf(kept);
  checkSpan(range);
  const plan = planFeatures(stepMs, range.endMs - range.startMs, options.timezone);
  const calibratedFromMs = splitTime(range, stepMs, kept.length);
  const source = { series: kept, exclude: options.exclude, plan };

  const lengths = kept.map((s) => Math.max(0, Math.min(s.length, Math.ceil((calibratedFromMs - s.startMs) / stepMs))));
  const picks = pickSlots(lengths, options.rows, options.seed);
  const parts = seriesParts(kept.length);
  const learned = yield* ask(
    "learn",
    { ...source, untilMs: calibratedFromMs },
    parts.map(({ from, until }) => ({ from, picks: picks.slice(from, until) })),
    "sampling",
  );
  const sampled = {
    recent: joinRows(learned.map(({ rows }) => rows.recent)),
    seasonal: joinRows(learned.map(({ rows }) => rows.seasonal)),
  };
  const fittedRows = Math.min(sampled.recent.targets.length, sampled.seasonal.targets.length);
  if (fittedRows < 2 * options.forest.leafRows) {
    throw new InputError(
      "history",
      `only ${fittedRows} usable rows before ${formatUtc(calibratedFromMs)}; the series hold too few values to train on, give more history`,
    );
  }
  const grown = yield* growBoth(sampled, { ...options.forest, seed: options.seed });
  const forests = { recent: grown.recent.forest, seasonal: grown.seasonal.forest };

  const calibration = { ...source, forests, fromMs: calibratedFromMs, untilMs: range.endMs };
  const base = learned.flatMap(({ profiles }) => profiles);
  const distances = yield* ask(
    "distances",
    { ...calibration, profiles: base, divisors: RAW_DIVISORS },
    parts,
    "calibrating",
    [0, 0.5],
  );
  const judged = judgeDistances(distances.flat(), base);
  const { divisors, profiles } = judged;
  const incidents = distances.flat().map((one) => one.incidents);
  const daily = yield* ask("scores", { ...calibration, profiles, divisors, incidents }, parts, "calibrating", [0.5, 1]);
  const calibrated = judgeScores(daily.flat(), divisors);
  const model: FamilyModel = { plan, forests, calibration: calibrated, profiles };
  const at = thresholdScore(options.threshold, calibrated.dailyMaxima);
  return {
    model,
    inventory: createInventory(kept.map(({ name, labels }) => ({ name, labels }))),
    unit: kept.find((s) => s.unit !== undefined)?.unit ?? null,
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
    summary: {
      series: kept.length,
      leftOut,
      stepMs,
      range,
      calibratedFromMs,
      points: learned.reduce((sum, part) => sum + part.points, 0),
      fittedRows,
      calibratedRows: judged.rows,
      seriesDays: calibrated.seriesDays,
      importance: VIEWS.flatMap((view) =>
        featureNames(plan, view).map((feature, f) => ({ view, feature, share: grown[view].importance[f] })),
      ).sort((a, b) => b.share - a.share),
      heldOutError: judged.error,
      threshold: formatThreshold(options.threshold),
      incidents: kept.flatMap(({ name }, i) => incidents[i].map(({ startMs, endMs }) => ({ name, startMs, endMs }))),
      expectedEpisodesPerWeek: expectedEpisodes(calibrated.dailyMaxima, at, kept.length, WEEK_MS),
    },
  };
}

/** Bins, then trees; both views at once, so that no thread waits for the other view. */
function* growBoth(
  rows: Readonly<Record<View, TrainingRows>>,
  options: ForestOptions,
): Course<Readonly<Record<View, GrownForest>>> {
  for (const view of VIEWS) checkRows(rows[view]);
  const features = VIEWS.flatMap((view) => rows[view].columns.map((_, feature) => ({ view, feature })));
  const columns = yield* ask("bin", rows, features, "growing", [0, 0.2]);
  const binned = (view: View): BinnedRows => {
    const own = columns.filter((_, i) => features[i].view === view);
    return { bins: own.map(({ bins }) => bins), edges: own.map(({ edges }) => edges), targets: rows[view].targets };
  };
  const shared = { rows: { recent: binned("recent"), seasonal: binned("seasonal") }, options };
  const numbers = VIEWS.flatMap((view) => Array.from({ length: options.trees }, (_, tree) => ({ view, tree })));
  const trees = yield* ask("grow", shared, numbers, "growing", [0.2, 1]);
  return { recent: joinTrees(trees.slice(0, options.trees)), seasonal: joinTrees(trees.slice(options.trees)) };
}

function seriesParts(count: number): SeriesPart[] {
  const parts = Math.min(count, SERIES_PARTS);
  const boundary = (part: number) => Math.round((part * count) / parts);
  return Array.from({ length: parts }, (_, part) => ({ from: boundary(part), until: boundary(part + 1) }));
}

function splitTime(range: TimeRange, stepMs: number, seriesCount: number): number {
  const spanMs = range.endMs - range.startMs;
  const affordableMs = (CALIBRATION_SLOTS / seriesCount) * stepMs;
  const wantedMs = Math.min(spanMs * (1 - FITTED_SHARE), MOST_CALIBRATION_MS, affordableMs);
  // Never more than half: a three-day history still has to be fitted on something.
  const lengthMs = Math.min(Math.max(wantedMs, LEAST_CALIBRATION_MS), spanMs / 2);
  return range.endMs - Math.round(lengthMs / stepMs) * stepMs;
}

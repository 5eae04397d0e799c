import type { View } from "../../../features/feature-machine.js";
import { formatUtc } from "../../../time/format.js";
import { count } from "../../../wording/count.js";
import { percent } from "../../../wording/percent.js";
import type { FigureLine, Figures } from "../../fit.js";
import { sharedIncidents } from "../../shared-incidents.js";
import type { HeldOutError } from "./calibrate.js";
import type { TrainSummary } from "./training.js";

/** The figures of a training as a manifest keeps them. Times are ISO 8601 in UTC. */
interface FamilyFigures extends Figures {
  readonly fitted_rows: number;
  readonly calibrated_from: string;
  readonly calibrated_series_days: number;
  /** Found in the calibration days and left out of them. */
  readonly incidents_left_out: readonly {
    readonly from: string;
    readonly until: string;
    readonly series: readonly string[];
  }[];
  readonly held_out_error: HeldOutError;
  readonly threshold: string;
  readonly expected_alarms_per_week: number;
  readonly importance: Readonly<Record<View, Readonly<Record<string, number>>>>;
}

/** Features that are named; the rest is in the manifest. */
const FEATURES_SHOWN = 5;
/** What would be shown as 0 %. */
const LEAST_SHOWN = 0.005;

export function familyFigures(summary: TrainSummary): FamilyFigures {
  const round = (value: number, digits: number) => Number(value.toPrecision(digits));
  const { recent, seasonal, last, lag24h } = summary.heldOutError;
  const sharesOf = (view: View) =>
    Object.fromEntries(summary.importance.filter((i) => i.view === view).map((i) => [i.feature, round(i.share, 4)]));
  return {
    fitted_rows: summary.fittedRows,
    calibrated_from: formatUtc(summary.calibratedFromMs),
    calibrated_series_days: summary.seriesDays,
    incidents_left_out: sharedIncidents(summary.incidents).map(({ startMs, endMs, names }) => ({
      from: formatUtc(startMs),
      until: formatUtc(endMs),
      series: names,
    })),
    held_out_error: {
      recent: round(recent, 4),
      seasonal: round(seasonal, 4),
      last: round(last, 4),
      lag24h: round(lag24h, 4),
    },
    threshold: summary.threshold,
    expected_alarms_per_week: round(summary.expectedEpisodesPerWeek, 3),
    importance: { recent: sharesOf("recent"), seasonal: sharesOf("seasonal") },
  };
}

/** Figures of `familyFigures`, perhaps of an earlier version, which had the same ones. */
export function figureLines(figures: Figures): readonly FigureLine[] {
  const { fitted_rows, calibrated_from, calibrated_series_days, held_out_error, threshold, importance } =
    figures as FamilyFigures;
  const alarms = alarmWords((figures as FamilyFigures).expected_alarms_per_week);
  return [
    ["fitted", `${count(fitted_rows, "row")} before ${calibrated_from}`],
    ["calibrated", `${count(calibrated_series_days, "series-day")} after that`],
    ["error", errorWords(held_out_error)],
    ["threshold", `${threshold}; on ordinary days about ${alarms} a week in all`],
    ...Object.entries(importance).map(([view, shares]): FigureLine => [`${view} view`, topFeatures(shares)]),
  ];
}

const alarmWords = (n: number) =>
  n >= 10 ? `${Math.round(n)} false alarms` : `${Number(n.toPrecision(2))} false alarms`;

/** How far predictions were off on the days not fitted on, beside the two simplest ones. */
function errorWords({ recent, seasonal, last, lag24h }: HeldOutError): string {
  const short = (error: number) => Number(error.toPrecision(3));
  const simplest = `last value ${short(last)}, 24 h ago ${short(lag24h)}`;
  return `${short(recent)} and ${short(seasonal)} (recent and seasonal view) of a series' spread on unseen days; ${simplest}`;
}

/** The most important features with their shares. */
function topFeatures(shares: Readonly<Record<string, number>>): string {
  const top = Object.entries(shares)
    .slice(0, FEATURES_SHOWN)
    .filter(([, share]) => share >= LEAST_SHOWN)
    .map(([name, share]) => `${name} ${percent(share)}`);
  return top.length === 0 ? "no feature contributes" : top.join(", ");
}

import { median } from "../math/median.js";
import { ALARM_RULES, type AlarmRules, alarmMetrics } from "./alarm-metrics.js";
import { type AlarmSummary, alarmSummary } from "./alarm-summary.js";
import { aucPr } from "./auc-pr.js";
import { bestEventF1, type SweptSummary } from "./best-event-f1.js";
import { findLength } from "./find-length.js";
import { heldScore } from "./held.js";
import { recallAtBudget } from "./recall-at-budget.js";
import { ranked, type ScoredSeries, unscoredShare } from "./scored-series.js";
import { pooledScores } from "./threshold-sweep.js";
import { vus } from "./vus.js";

/** Figures of one series that do not add up over series; null where it has no event. */
export interface SeriesFigures {
  readonly aucPr: number | null;
  readonly vusPrRaw: number | null;
  readonly vusPrHeld: number | null;
  /** Share (0–1) of the slots after the ignored ones without a score. */
  readonly unscoredShare: number;
}

/** All that is said of a run over a set of series: at the tool's own threshold, at a budget, and at the best threshold. */
export interface Figures extends AlarmSummary {
  readonly recallAt1: SweptSummary | null;
  readonly best: SweptSummary | null;
  /** Means over the series that have events; null where none has. */
  readonly aucPr: number | null;
  readonly vusPrRaw: number | null;
  readonly vusPrHeld: number | null;
  /** Mean over series. */
  readonly unscoredShare: number;
}

/** The window of VUS where the values are not known. */
const USUAL_WINDOW = 100;
/** A score is held for a quarter of the period, at least three slots. */
const HELD_SHARE = 4;
const LEAST_HELD = 3;

/**
 * The figures of one series that rank its slots.
 *
 * @param values to find the period with; undefined leaves VUS out, which costs most of the time.
 */
export function seriesFigures(series: ScoredSeries, values?: Float64Array): SeriesFigures {
  const { ignoreSlots } = series;
  const label = series.label.subarray(ignoreSlots);
  const unscored = unscoredShare(series);
  const none = { aucPr: null, vusPrRaw: null, vusPrHeld: null, unscoredShare: unscored };
  if (!label.includes(1)) return none;
  const score = ranked(series.score);
  const counted = score.subarray(ignoreSlots);
  const auc = aucPr(counted, label);
  if (values === undefined) return { ...none, aucPr: auc };
  const window = windowOf(values);
  const held = heldScore(score, Math.max(LEAST_HELD, Math.floor(window / HELD_SHARE)));
  return {
    aucPr: auc,
    vusPrRaw: vus(counted, label, window).pr,
    vusPrHeld: vus(held.subarray(ignoreSlots), label, window).pr,
    unscoredShare: unscored,
  };
}

/** The period of the values, missing ones taken as their median. */
function windowOf(values: Float64Array): number {
  const middle = median(values);
  if (Number.isNaN(middle)) return USUAL_WINDOW;
  return findLength(values.map((value) => (value === value ? value : middle)));
}

/**
 * The figures of a whole set; `own` are those of each series, in the same order. `sweep: false` leaves out what needs
 * to try thresholds; `rules` say how alarms are counted against events.
 */
export function figuresOf(
  series: readonly ScoredSeries[],
  own: readonly SeriesFigures[],
  options: { readonly sweep?: boolean; readonly rules?: AlarmRules } = {},
): Figures {
  const { rules = ALARM_RULES } = options;
  const summary = alarmSummary(series.map((one) => alarmMetrics(one, 1, rules)));
  const sweep = options.sweep !== false && summary.events > 0;
  const pooled = sweep ? pooledScores(series) : undefined;
  return {
    ...summary,
    recallAt1: sweep ? (recallAtBudget(series, 1, { pooled, rules }) ?? null) : null,
    best: sweep ? (bestEventF1(series, { pooled, rules }) ?? null) : null,
    aucPr: meanOf(own.map((one) => one.aucPr)),
    vusPrRaw: meanOf(own.map((one) => one.vusPrRaw)),
    vusPrHeld: meanOf(own.map((one) => one.vusPrHeld)),
    unscoredShare: meanOf(own.map((one) => one.unscoredShare)) ?? Number.NaN,
  };
}

/** Nulls are left out; null where nothing is left. */
function meanOf(values: readonly (number | null)[]): number | null {
  const known = values.filter((value) => value !== null);
  return known.length === 0 ? null : known.reduce((sum, value) => sum + value, 0) / known.length;
}

import type { Comparison } from "./compare-detectors.js";
import type { Figures } from "./figures.js";
import type { GroupResult } from "./group-backtest.js";
import type { Backtest, BacktestResult } from "./run-backtest.js";

/** Figures under the names that the quality gates print; null where nothing can be said. */
export function figuresJson(figures: Figures) {
  const seconds = (ms: number | null) => (ms === null ? null : ms / 1000);
  return {
    series: figures.series,
    events: figures.events,
    caught: figures.caught,
    found_later: figures.foundLater,
    alarms: figures.alarms,
    false_alarms: figures.falseAlarms,
    event_f1: figures.eventF1,
    precision: figures.precision,
    recall: figures.recall,
    false_alarms_per_series_week: figures.falseAlarmsPerWeek,
    fa_week_median: figures.medianFalseAlarmsPerWeek,
    median_delay_s: seconds(figures.medianDelayMs),
    recall_at_1_false_alarm: figures.recallAt1?.recall ?? null,
    oracle_event_f1: figures.best?.eventF1 ?? null,
    oracle_threshold: figures.best?.threshold ?? null,
    auc_pr: figures.aucPr,
    vus_pr_raw: figures.vusPrRaw,
    vus_pr_held: figures.vusPrHeld,
    unscored_share: Number.isNaN(figures.unscoredShare) ? null : figures.unscoredShare,
  };
}

/** The result of a backtest for programs. */
export function backtestJson(backtest: Backtest, about: { readonly detector: string; readonly seconds: number }) {
  return {
    detector: about.detector,
    fits: backtest.fits,
    seconds: about.seconds,
    total: backtest.total === null ? null : figuresJson(backtest.total),
    series: backtest.results.map(resultJson),
  };
}

/** The result of several detectors for programs: what `backtestJson` says of each, and how far their alerts agree. */
export function comparisonJson({ runs, alerts, withFirst }: Comparison, about: { readonly seconds: number }) {
  return {
    seconds: about.seconds,
    detectors: runs.map(({ detector, backtest, cpuSeconds }) => {
      const { seconds, ...figures } = backtestJson(backtest, { detector, seconds: about.seconds });
      return { ...figures, cpu_s: cpuSeconds };
    }),
    alerts: {
      total: alerts.length,
      with_first: withFirst.map(({ both, onlyFirst, onlySecond }, i) => ({
        detector: runs[i + 1].detector,
        both,
        only_first: onlyFirst,
        only_this: onlySecond,
      })),
    },
  };
}

/** A group of a backtest for programs. */
export function groupJson({ key, labels, members, isLabelled, figures, records }: GroupResult) {
  return {
    name: key,
    labels,
    members,
    episodes: records.length,
    alarms: figures.alarms,
    ...(isLabelled && {
      events: figures.events,
      event_f1: figures.eventF1,
      precision: figures.precision,
      recall: figures.recall,
      false_alarms_per_week: figures.falseAlarmsPerWeek,
      median_delay_s: figures.medianDelayMs === null ? null : figures.medianDelayMs / 1000,
    }),
  };
}

function resultJson({ input, path, figures, records, scored }: BacktestResult) {
  const { series, recall_at_1_false_alarm, oracle_event_f1, oracle_threshold, ...own } = figuresJson(figures);
  const labelled = input.label !== null;
  return {
    name: input.name,
    path,
    slots: scored.score.length,
    episodes: records.length,
    alarms: own.alarms,
    unscored_share: own.unscored_share,
    ...(labelled && own),
  };
}

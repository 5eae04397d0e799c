import { alarmMetrics } from "../../dist/evaluate/alarm-metrics.js";
import { alarmSummary } from "../../dist/evaluate/alarm-summary.js";

const FOLDS = 5;

/**
 * Event F1 in folds of whole KPIs: what is measured on one part of the metrics and said of another. Segments of one KPI never
 * fall into two folds.
 *
 * @param {readonly import("../../dist/evaluate/scored-series.js").ScoredSeries[]} scored
 * @param {readonly string[]} kpis of each series
 */
export function foldSpread(scored, kpis) {
  const order = [...new Set(kpis)].sort((a, b) => a.localeCompare(b, "en", { numeric: true }));
  const f1 = Array.from({ length: Math.min(FOLDS, order.length) }, (_, fold) => {
    const rows = scored.filter((_, i) => order.indexOf(kpis[i]) % FOLDS === fold);
    return alarmSummary(rows.map((series) => alarmMetrics(series))).eventF1;
  }).filter((value) => value !== null);
  const mean = f1.reduce((sum, value) => sum + value, 0) / f1.length;
  const deviation = Math.sqrt(f1.reduce((sum, value) => sum + (value - mean) ** 2, 0) / Math.max(1, f1.length - 1));
  return { mean, deviation, least: Math.min(...f1), folds: f1 };
}

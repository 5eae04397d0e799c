import { ALARM_RULES, type AlarmRules, alarmCounter } from "./alarm-metrics.js";
import { type AlarmSummary, alarmSummary } from "./alarm-summary.js";
import type { ScoredSeries } from "./scored-series.js";
import { pooledScores, SWEEP_THRESHOLDS, sweepThresholds } from "./threshold-sweep.js";

/** A summary at the one threshold for all series that a sweep has chosen with the labels. */
export interface SweptSummary extends AlarmSummary {
  readonly threshold: number;
}

export interface SweepOptions {
  readonly rules?: AlarmRules;
  readonly thresholds?: number;
  /** `pooledScores` of the same series, where they are there already. */
  readonly pooled?: Float64Array;
}

/** Up to half of all slots flagged: beyond that no threshold is worth a look. */
const MOST_FLAGGED = 0.5;

/**
 * The highest event F1 that one threshold for all series reaches, chosen with the labels: an oracle, and what a method is worth
 * apart from its own threshold. Of equals the lowest threshold. Undefined without slots.
 */
export function bestEventF1(series: readonly ScoredSeries[], options: SweepOptions = {}): SweptSummary | undefined {
  const pooled = options.pooled ?? pooledScores(series);
  if (pooled.length === 0) return undefined;
  const counters = series.map((one) => alarmCounter(one, options.rules ?? ALARM_RULES));
  let best: SweptSummary | undefined;
  for (const threshold of sweepThresholds(pooled, MOST_FLAGGED, options.thresholds ?? SWEEP_THRESHOLDS)) {
    const summary = alarmSummary(counters.map((counter) => counter.at(threshold)));
    if (best === undefined || (summary.eventF1 ?? 0) > (best.eventF1 ?? 0)) best = { ...summary, threshold };
  }
  return best;
}

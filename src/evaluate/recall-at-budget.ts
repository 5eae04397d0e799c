import { ALARM_RULES, alarmCounter } from "./alarm-metrics.js";
import { alarmSummary } from "./alarm-summary.js";
import type { SweepOptions, SweptSummary } from "./best-event-f1.js";
import type { ScoredSeries } from "./scored-series.js";
import { pooledScores, SWEEP_THRESHOLDS, sweepThresholds } from "./threshold-sweep.js";

/** Up to a fifth of all slots flagged: a threshold below that never keeps a budget. */
const MOST_FLAGGED = 0.2;
/** Thresholds fall, and false alarms mostly rise; this far past the budget there is no way back under it. */
const HOPELESS = 4;

/**
 * The highest event recall that one threshold for all series reaches with at most `budget` false alarms a series and week (each
 * series' count capped at 5): the operator's operating point. Of equals the highest threshold; undefined where no
 * threshold keeps the budget.
 */
export function recallAtBudget(
  series: readonly ScoredSeries[],
  budget = 1,
  options: SweepOptions = {},
): SweptSummary | undefined {
  const pooled = options.pooled ?? pooledScores(series);
  if (pooled.length === 0) return undefined;
  const counters = series.map((one) => alarmCounter(one, options.rules ?? ALARM_RULES));
  let best: SweptSummary | undefined;
  for (const threshold of sweepThresholds(pooled, MOST_FLAGGED, options.thresholds ?? SWEEP_THRESHOLDS).reverse()) {
    const summary = alarmSummary(counters.map((counter) => counter.at(threshold)));
    if (summary.cappedFalseAlarmsPerWeek > budget) {
      if (best !== undefined && summary.cappedFalseAlarmsPerWeek > HOPELESS * budget) break;
      continue;
    }
    if (best === undefined || (summary.recall ?? 0) > (best.recall ?? 0)) best = { ...summary, threshold };
  }
  return best;
}

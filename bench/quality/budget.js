import { alarmMetrics } from "../../dist/evaluate/alarm-metrics.js";
import { alarmSummary } from "../../dist/evaluate/alarm-summary.js";
import { ignoredSlots } from "../../dist/evaluate/scored-series.js";

const WEEK_MS = 604_800_000;

/** Whether an alert budget does what it says: false alarms asked for against those that came, a series and week. */
export async function budgetCheck(inputs, replay, ignoreMs, episodes = 1) {
  const scores = await replay(inputs, { kind: "budget", episodes, perMs: WEEK_MS });
  const summary = alarmSummary(
    inputs.map(({ series, label }, i) =>
      alarmMetrics({
        stepMs: series.stepMs,
        score: scores[i],
        label,
        ignoreSlots: ignoredSlots(ignoreMs, series.stepMs),
      }),
    ),
  );
  return { asked: episodes, achieved: summary.falseAlarmsPerWeek, median: summary.medianFalseAlarmsPerWeek };
}

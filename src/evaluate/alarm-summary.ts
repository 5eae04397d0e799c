import { quantile } from "../math/quantile.js";
import type { AlarmCounts, AlarmMetrics } from "./alarm-metrics.js";

/** One hopeless series must not decide a mean over series: its false alarms a week count up to this many. */
const MOST_PER_WEEK = 5;
/** A series without time would divide by zero. */
const LEAST_WEEKS = 1e-9;

/** Counts of many series added up, and what follows from them. Null is a figure that nothing can be said of. */
export interface AlarmSummary extends AlarmCounts {
  readonly series: number;
  /** Share (0–1) of events caught; null without events. */
  readonly recall: number | null;
  /** Share (0–1) of alarms that belong to an event; without alarms 0, or 1 where there was nothing to find. */
  readonly precision: number;
  /** Harmonic mean of precision and recall; 0 where either is; null without events. */
  readonly eventF1: number | null;
  /** All false alarms over all weeks of all series. */
  readonly falseAlarmsPerWeek: number;
  /** Over series. */
  readonly medianFalseAlarmsPerWeek: number;
  /** Mean over series of its false alarms a week, each capped at 5. */
  readonly cappedFalseAlarmsPerWeek: number;
  /** Over caught events; null without any. */
  readonly medianDelayMs: number | null;
}

export function alarmSummary(rows: readonly AlarmMetrics[]): AlarmSummary {
  const sum = (of: (row: AlarmMetrics) => number) => rows.reduce((total, row) => total + of(row), 0);
  const events = sum((row) => row.events);
  const caught = sum((row) => row.caught);
  const alarms = sum((row) => row.alarms);
  const trueAlarms = sum((row) => row.trueAlarms);
  const falseAlarms = sum((row) => row.falseAlarms);
  const recall = events === 0 ? null : caught / events;
  const precision = alarms > 0 ? trueAlarms / alarms : events === 0 ? 1 : 0;
  const weekly = rows.map((row) => row.falseAlarms / Math.max(row.weeks, LEAST_WEEKS));
  const delays = rows.flatMap((row) => row.delaysMs);
  return {
    series: rows.length,
    events,
    caught,
    foundLater: sum((row) => row.foundLater),
    alarms,
    trueAlarms,
    falseAlarms,
    recall,
    precision,
    eventF1: recall === null ? null : precision + recall > 0 ? (2 * precision * recall) / (precision + recall) : 0,
    falseAlarmsPerWeek:
      falseAlarms /
      Math.max(
        sum((row) => row.weeks),
        LEAST_WEEKS,
      ),
    medianFalseAlarmsPerWeek: quantile(weekly, 0.5),
    cappedFalseAlarmsPerWeek: weekly.reduce((total, w) => total + Math.min(w, MOST_PER_WEEK), 0) / weekly.length,
    medianDelayMs: delays.length === 0 ? null : quantile(delays, 0.5),
  };
}

import type { AnomalyRecord, Severity } from "../records/record.js";
import { HOUR_MS } from "../time/duration.js";
import type { Day } from "./days.js";
import { clipped } from "./intervals.js";

/** One day of the fleet. */
export interface DayTrend {
  readonly date: string;
  /** Episodes that began on it, by severity. */
  readonly episodes: Readonly<Record<Severity, number>>;
  /** Hours anomalous, summed over the series. */
  readonly seriesHours: number;
  /** Share (0–1) of the fleet's machines with an anomalous series at some time of the day; null for an unknown fleet. */
  readonly machineShare: number | null;
}

/** @param machines of the fleet; 0 where it is not known. */
export function trendOf(records: readonly AnomalyRecord[], days: readonly Day[], machines: number): DayTrend[] {
  return days.map((day) => {
    const episodes: Record<Severity, number> = { critical: 0, high: 0, medium: 0, low: 0 };
    const concerned = new Set<string>();
    let seriesMs = 0;
    for (const record of records) {
      const startMs = Date.parse(record.start);
      if (startMs >= day.startMs && startMs < day.endMs) episodes[record.severity]++;
      const part = clipped(record, day);
      if (part === undefined) continue;
      seriesMs += part.endMs - part.startMs;
      concerned.add(record.machine);
    }
    return {
      date: day.date,
      episodes,
      seriesHours: Number((seriesMs / HOUR_MS).toFixed(2)),
      machineShare: machines === 0 ? null : Number((concerned.size / machines).toPrecision(4)),
    };
  });
}

import type { AnomalyRecord } from "../records/record.js";
import type { Series } from "../series/series.js";
import { formatDuration } from "../time/duration.js";
import { formatUtc } from "../time/format.js";

/**
 * A silence that is not one any more: values cover its time, because they came late or because the run that reported it looked in
 * the wrong place. It ends where the values begin.
 *
 * @param series what is known of the same series now; it may begin later than the silence.
 * @returns undefined where the record is no open silence, or nothing has come since it began.
 */
export function endedSilence(record: AnomalyRecord, series: Series): AnomalyRecord | undefined {
  if (record.kind !== "silence" || record.status !== "open") return undefined;
  const startMs = Date.parse(record.start);
  const first = Math.max(0, Math.ceil((startMs - series.startMs) / series.stepMs));
  const found = series.values.subarray(first).findIndex((value) => Number.isFinite(value));
  if (found < 0) return undefined;
  const endMs = Math.min(Date.parse(record.end), series.startMs + (first + found) * series.stepMs);
  const lastedMs = Math.max(0, endMs - startMs);
  return {
    ...record,
    end: formatUtc(startMs + lastedMs),
    status: "closed",
    duration_s: lastedMs / 1000,
    points: Math.min(record.points, Math.round(lastedMs / 1000 / record.step_s)),
    reasons: [lastedMs === 0 ? "values have come for all of its time" : `no value for ${formatDuration(lastedMs)}`],
  };
}

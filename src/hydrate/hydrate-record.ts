import type { AnomalyRecord, HydratedRecord, Hydration } from "../records/record.js";
import type { Series, TimeRange } from "../series/series.js";
import { DAY_MS } from "../time/duration.js";
import { formatUtc } from "../time/format.js";
import type { BandProvider } from "./band.js";
import { BASELINE_DAYS, baselineOf } from "./baseline.js";
import { contextStatistics } from "./context-statistics.js";
import { recordContext, roundTo } from "./record-context.js";
import { HISTORY_MS, recordHistory } from "./record-history.js";
import { type WindowMode, windowOf } from "./record-window.js";
import { slotsOf } from "./series-slots.js";

export interface HydrateRecordOptions {
  readonly nowMs: number;
  readonly windowMode: WindowMode;
  /** Where the band of a record comes from: by the detector, model and threshold that found it. */
  readonly bandFor?: (record: AnomalyRecord) => BandProvider | undefined;
}

const LAG_DAYS = 3;
/** Figures keep all digits that a double holds for sure; this only takes off the noise of adding. */
const FIGURE_DIGITS = 12;

/** What must be fetched to hydrate a record: its window, the lags, the days of the baseline and the band's history. */
export function neededRange(record: AnomalyRecord, options: HydrateRecordOptions): TimeRange {
  const window = windowOf(Date.parse(record.timestamp), record.step_s * 1000, options.windowMode, options.nowMs);
  const startMs = Math.min(
    window.startMs - Math.max(LAG_DAYS * DAY_MS, options.bandFor?.(record)?.historyMs ?? 0),
    Date.parse(record.start) - BASELINE_DAYS * DAY_MS,
  );
  return { startMs, endMs: window.endMs };
}

/** The time that only the record's history needs; it may be had in a coarser step than the rest, or not at all. */
export function historyRange(record: AnomalyRecord, options: HydrateRecordOptions): TimeRange {
  const window = windowOf(Date.parse(record.timestamp), record.step_s * 1000, options.windowMode, options.nowMs);
  return { startMs: window.startMs - HISTORY_MS, endMs: window.endMs };
}

/**
 * Adds to a record what its series says. The series may reach farther than needed, and may have gaps or be short.
 *
 * @param older the same series before the beginning of `series`, for the history; its step may be another.
 */
export function hydrateRecord(
  record: AnomalyRecord,
  series: Series,
  options: HydrateRecordOptions,
  older?: Series,
): HydratedRecord {
  const window = windowOf(Date.parse(record.timestamp), series.stepMs, options.windowMode, options.nowMs);
  const figures = contextStatistics(slotsOf(series, window));
  const figure = (value: number | null) => (value === null ? null : roundTo(value, FIGURE_DIGITS));
  const good = lastGood(series, Date.parse(record.start));
  const hydration: Hydration = {
    max_value: figure(figures.max),
    avg_value: figure(figures.avg),
    valid_pct: roundTo(figures.validShare, 6),
    min_value: figure(figures.min),
    p50_value: figure(figures.p50),
    p95_value: figure(figures.p95),
    baseline_value: figure(baselineOf(series, { startMs: Date.parse(record.start), endMs: Date.parse(record.end) })),
    last_good_value: figure(good?.value ?? null),
    last_good_at: good === undefined ? null : formatUtc(good.timeMs),
    duration_so_far_s: durationSoFar(record, options.nowMs),
    window: windowText(window, options.windowMode),
    context: recordContext(series, window, bandOf(series, window, options.bandFor?.(record))),
    history: recordHistory(older === undefined ? [series] : [older, series], {
      startMs: window.startMs - HISTORY_MS,
      endMs: window.endMs,
    }),
  };
  return withHydration(record, hydration);
}

/** The record with nulls and the reason, so that nothing is lost where its data cannot be had. */
export function withoutData(record: AnomalyRecord, reason: string, options: HydrateRecordOptions): HydratedRecord {
  const window = windowOf(Date.parse(record.timestamp), record.step_s * 1000, options.windowMode, options.nowMs);
  return withHydration(record, {
    max_value: null,
    avg_value: null,
    valid_pct: null,
    min_value: null,
    p50_value: null,
    p95_value: null,
    baseline_value: null,
    last_good_value: null,
    last_good_at: null,
    duration_so_far_s: durationSoFar(record, options.nowMs),
    window: windowText(window, options.windowMode),
    context: null,
    history: null,
    hydrate_error: reason,
  });
}

/** A record that was hydrated before may be hydrated again: nothing of the first time may stay, its error least. */
function withHydration(record: AnomalyRecord, hydration: Hydration): HydratedRecord {
  const { hydrate_error: _, ...rest } = record as AnomalyRecord & Partial<Hydration>;
  return { ...rest, ...hydration };
}

function windowText(window: TimeRange, mode: WindowMode): Hydration["window"] {
  return { start: formatUtc(window.startMs), end: formatUtc(window.endMs), mode };
}

function bandOf(series: Series, window: TimeRange, provider: BandProvider | undefined) {
  if (provider === undefined) return undefined;
  // The band of a slot rests on the past only; what lies behind the window would cost time and change nothing.
  const end = Math.round((window.endMs - series.startMs) / series.stepMs);
  return provider.band({ ...series, values: series.values.subarray(0, Math.max(0, end)) }, window);
}

function lastGood(series: Series, beforeMs: number): { value: number; timeMs: number } | undefined {
  const first = Math.ceil((beforeMs - series.startMs) / series.stepMs) - 1;
  for (let i = Math.min(first, series.values.length - 1); i >= 0; i--) {
    const value = series.values[i];
    if (value === value) return { value, timeMs: series.startMs + i * series.stepMs };
  }
  return undefined;
}

function durationSoFar(record: AnomalyRecord, nowMs: number): number {
  const endMs = record.status === "open" ? Math.max(nowMs, Date.parse(record.end)) : Date.parse(record.end);
  return Math.round((endMs - Date.parse(record.start)) / 1000);
}

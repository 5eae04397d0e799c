import { quantile } from "../math/quantile.js";
import type { Series, TimeRange } from "../series/series.js";
import { DAY_MS, HOUR_MS } from "../time/duration.js";
import { earlier, slotsOf } from "./series-slots.js";

export const BASELINE_DAYS = 7;

/**
 * What is usual at this time of day: the median over the same hours of up to 7 days before.
 *
 * The hours are the episode's, at least one and at most 24 (a single slot would rest on 7 values). NaN is skipped; NaN
 * is returned where none of the days holds a value.
 */
export function baselineOf(series: Series, episode: TimeRange): number {
  const startMs = Math.floor(episode.startMs / series.stepMs) * series.stepMs;
  const wantedMs = Math.min(DAY_MS, Math.max(HOUR_MS, episode.endMs - startMs));
  const hours = { startMs, endMs: startMs + Math.ceil(wantedMs / series.stepMs) * series.stepMs };
  const days = Array.from({ length: BASELINE_DAYS }, (_, i) =>
    slotsOf(series, earlier(hours, (i + 1) * DAY_MS, series.stepMs)),
  );
  return quantile(
    days.flatMap((day) => [...day]),
    0.5,
  );
}

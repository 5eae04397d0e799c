import { counterToRate } from "../series/rate.js";
import { resample } from "../series/resample.js";
import { slice } from "../series/slice.js";
import { formatDuration, HOUR_MS } from "../time/duration.js";
import type { SeriesSource, TargetProblem } from "./source.js";

/** What is fetched before the range, so that its first slot has a value to rise from. */
const LEAD_MS = HOUR_MS;

/**
 * A source of counters as one of rates, per second, resets handled. They are fetched on their own step and only the rates are
 * averaged to the step wanted: the mean of a counter over a slot in which it was reset says nothing.
 */
export function rateSource(source: SeriesSource): SeriesSource {
  return {
    kind: source.kind,
    async fetch(query, range, onProgress) {
      const { stepMs } = query;
      // A counter with a coarse step may have its last value a step before.
      const leadMs = Math.max(LEAD_MS, 2 * (stepMs ?? 0));
      const lead = { startMs: range.startMs - leadMs, endMs: range.endMs };
      const counters = await source.fetch({ ...query, stepMs: undefined }, lead, onProgress);
      const usable = counters.series.filter((series) => stepMs === undefined || series.stepMs <= stepMs);
      const coarse = counters.series
        .filter((series) => !usable.includes(series))
        .map((series): TargetProblem => {
          const wanted = formatDuration(stepMs ?? 0);
          const reason = `${series.name} has a step of ${formatDuration(series.stepMs)}, coarser than the ${wanted} wanted`;
          return { target: { expression: series.name, labels: series.labels }, kind: "failed", reason };
        });
      return {
        series: usable.map((series) => {
          const rate = counterToRate(series);
          return slice(stepMs === undefined ? rate : resample(rate, stepMs), range);
        }),
        problems: [...counters.problems, ...coarse],
        notes: counters.notes,
      };
    },
  };
}

import { InputError } from "../errors/errors.js";
import { seriesKey, type TimeRange } from "../series/series.js";
import { type StoredSeries, storedEndMs } from "../shelf/stored-series.js";
import { DAY_MS, formatDuration } from "../time/duration.js";
import { formatUtc } from "../time/format.js";
import { percent } from "../wording/percent.js";
import type { LeftOut } from "./fit.js";

/**
 * The series that are learned from, in the order of their identities, and the others with the reason.
 *
 * @param minCoverage series with a smaller share (0–1) of valid slots are left out.
 * @throws InputError if none is left or their steps differ.
 */
export function selectSeries(
  series: readonly StoredSeries[],
  minCoverage: number,
): { kept: StoredSeries[]; leftOut: LeftOut[] } {
  const leftOut: LeftOut[] = [];
  // Sorted, so that the order of files and columns changes nothing in the model.
  const ordered = [...series].sort((a, b) => (seriesKey(a.labels) < seriesKey(b.labels) ? -1 : 1));
  const kept = ordered.filter((s) => {
    const share = s.coverage;
    if (share >= minCoverage && share > 0) return true;
    leftOut.push({
      name: seriesKey(s.labels),
      reason:
        share === 0
          ? "no values at all"
          : `${percent(share)} of its slots hold a value, ${percent(minCoverage)} needed`,
    });
    return false;
  });
  if (kept.length === 0) {
    const why = leftOut.length === 0 ? "there are no series" : `${leftOut[0].name}: ${leftOut[0].reason}`;
    throw new InputError("no_series", `nothing to train on: ${why}; lower --min-coverage or give more history`);
  }
  const odd = kept.find((s) => s.stepMs !== kept[0].stepMs);
  if (odd !== undefined) {
    const steps = `${formatDuration(kept[0].stepMs)} and ${formatDuration(odd.stepMs)}`;
    throw new InputError("steps", `the series have different steps (${steps}); choose one with --step`);
  }
  return { kept, leftOut };
}

/** From the first slot of any series to the last of any. */
export function spanOf(series: readonly StoredSeries[]): TimeRange {
  let startMs = Number.POSITIVE_INFINITY;
  let endMs = Number.NEGATIVE_INFINITY;
  for (const s of series) {
    startMs = Math.min(startMs, s.startMs);
    endMs = Math.max(endMs, storedEndMs(s));
  }
  return { startMs, endMs };
}

/** A day to warm up and two to see anything repeat. */
const LEAST_HISTORY_MS = 3 * DAY_MS;

/** @throws InputError where the range is too short to learn from. */
export function checkSpan({ startMs, endMs }: TimeRange): void {
  if (endMs - startMs >= LEAST_HISTORY_MS) return;
  const ready = formatUtc(startMs + LEAST_HISTORY_MS);
  throw new InputError(
    "history",
    `the history covers ${formatDuration(endMs - startMs)}, from ${formatUtc(startMs)} on; at least 72h are needed, which it has from ${ready} on, and 15d or more ` +
      "to learn the week; until then anomaly infer works without a model",
  );
}

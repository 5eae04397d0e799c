import { InputError } from "../../../errors/errors.js";
import { seriesKey } from "../../../series/series.js";
import type { StoredSeries } from "../../../shelf/stored-series.js";
import { formatDuration } from "../../../time/duration.js";
import { percent } from "../../../wording/percent.js";
import type { LeftOut } from "../../fit.js";

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

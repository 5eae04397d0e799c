import { type Around, whatMoved } from "../../around/around.js";
import type { Frame, Stretches } from "../../around/stretches.js";
import { UsageError } from "../../errors/errors.js";
import { HOUR_MS } from "../../time/duration.js";
import { formatUtc } from "../../time/format.js";
import { withSource } from "../source/open.js";
import type { SourceSpec } from "../source/source-spec.js";
import type { Surroundings } from "../surroundings.js";
import { fetchStretches } from "./fetch-stretches.js";

/** What is asked: plain data. */
export interface AroundRequest {
  readonly source: SourceSpec;
  /** The moment, epoch ms; looked at from so long before to so long after it. */
  readonly timeMs: number;
  readonly windowMs: number;
  /** Earlier days that say what is usual. */
  readonly days: number;
  readonly timezone: string;
  /** Share of the list that may be there by chance. */
  readonly falseShare: number;
}

/** What was found, with the data that it was found in. */
export interface AroundRun {
  readonly request: AroundRequest;
  readonly frame: Frame;
  readonly series: readonly Stretches[];
  readonly around: Around;
  readonly notes: readonly string[];
  /** For messages: `6 CSV files`. */
  readonly sourceName: string;
}

/** The hours before are twice the window, and at least two: a level of minutes is no level. */
const LEAD_WINDOWS = 2;
const LEAST_LEAD_MS = 2 * HOUR_MS;

/**
 * Fetches what is needed and says what moved around a moment. The window ends where the data do.
 *
 * @throws UsageError where the source has nothing of that time yet.
 */
export async function runAround(request: AroundRequest, surroundings: Surroundings): Promise<AroundRun> {
  return withSource(request.source, undefined, surroundings, async (opened) => {
    const { timeMs, windowMs, days, timezone } = request;
    const startMs = timeMs - windowMs;
    const endMs = Math.min(timeMs + windowMs, opened.nowMs);
    if (endMs <= timeMs) {
      throw new UsageError(
        "time",
        `${formatUtc(timeMs)} is not before the end of the data, ${formatUtc(opened.nowMs)}; give an earlier time`,
      );
    }
    const leadMs = Math.max(LEAST_LEAD_MS, LEAD_WINDOWS * (endMs - startMs));
    const frame: Frame = { window: { startMs, endMs }, leadMs };
    const { onProgress, debug, signal } = surroundings;
    const fetched = await fetchStretches(opened, { ...frame, days, timezone }, (done, total) =>
      onProgress(done, total, "days"),
    );
    const beganMs = performance.now();
    const around = whatMoved(fetched.series, frame, {
      falseShare: request.falseShare,
      onWatched: () => signal.throwIfAborted(),
    });
    debug(`compared ${fetched.series.length} series in ${Math.round(performance.now() - beganMs)} ms`);
    return { request, frame, series: fetched.series, around, notes: fetched.notes, sourceName: opened.name };
  });
}

import { createHash } from "node:crypto";
import { type Labels, seriesKey } from "../series/series.js";
import type { AnomalyRecord } from "./record.js";

/** Hex digits of an id: 64 bits, so that a million episodes collide with a chance of 3 in 10⁸. */
const ID_DIGITS = 16;

/** The stable id of an episode: a hash of the series' identity and the episode's first start (ISO 8601). */
export function episodeId(labels: Labels, start: string): string {
  return createHash("sha256")
    .update(`${seriesKey(labels)}\n${start}`)
    .digest("hex")
    .slice(0, ID_DIGITS);
}

/** What must be remembered of an episode so that a later run knows it again; older memories lack `alerted_at`. */
export type KnownEpisode = Pick<AnomalyRecord, "id" | "labels" | "start" | "end"> &
  Partial<Pick<AnomalyRecord, "alerted_at">>;

/**
 * The remembered episode that `[startMs, endMs)` of the same series goes on with: they overlap, or are no further apart
 * than the merge gap. The earliest if there are several.
 */
export function continues(
  known: readonly KnownEpisode[],
  startMs: number,
  endMs: number,
  mergeGapMs: number,
): KnownEpisode | undefined {
  return known
    .filter(
      (episode) => Date.parse(episode.start) <= endMs + mergeGapMs && Date.parse(episode.end) + mergeGapMs >= startMs,
    )
    .sort((a, b) => Date.parse(a.start) - Date.parse(b.start))[0];
}

import { createHash } from "node:crypto";
import { type Labels, seriesKey } from "../series/series.js";
import type { Owner } from "./origin.js";
import type { AnomalyRecord } from "./record.js";

/** Hex digits of an id: 64 bits, so that a million episodes collide with a chance of 3 in 10⁸. */
const ID_DIGITS = 16;

/** The stable id of an episode: a hash of the series' identity, who found it, and its first start (ISO 8601). */
export function episodeId(labels: Labels, { job, detector }: Owner, start: string): string {
  return createHash("sha256")
    .update(JSON.stringify([seriesKey(labels), detector, job, start]))
    .digest("hex")
    .slice(0, ID_DIGITS);
}

/** What must be remembered of an episode so that a later run knows it again; older memories lack what is optional. */
export type KnownEpisode = Pick<AnomalyRecord, "id" | "labels" | "start" | "end"> &
  Partial<Pick<AnomalyRecord, "alerted_at" | "job" | "detector" | "kind">> & {
    /** Found by the detector that `auto` had chosen for the series: it is closed once another one is chosen. */
    readonly auto?: true;
  };

/** An episode as a run finds it, before it is known whether an earlier run has found it too. */
export interface FoundEpisode {
  readonly startMs: number;
  readonly endMs: number;
  readonly isSilence: boolean;
}

/**
 * The remembered episode of the same series and owner that a found one continues: they overlap, or are no further apart than the
 * merge gap. The earliest if there are several.
 *
 * A silence continues a silence only, and values continue values: what a mistaken query did not bring must not lend its begin and
 * its id to what the right one brings. Two that begin in the same slot are one, whatever was taken for its kind.
 */
export function continues(
  known: readonly KnownEpisode[],
  { startMs, endMs, isSilence }: FoundEpisode,
  mergeGapMs: number,
): KnownEpisode | undefined {
  return known
    .filter(({ kind, start }) => {
      return kind === undefined || (kind === "silence") === isSilence || Date.parse(start) === startMs;
    })
    .filter(({ start, end }) => Date.parse(start) <= endMs + mergeGapMs && Date.parse(end) + mergeGapMs >= startMs)
    .sort((a, b) => Date.parse(a.start) - Date.parse(b.start))[0];
}

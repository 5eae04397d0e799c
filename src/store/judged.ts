import { type JudgedEpisode, lookOf } from "../verdicts/judged.js";
import { recordOf } from "./episodes.js";
import type { EpisodeRow, VerdictRow } from "./rows.js";
import type { Reading } from "./store.js";
import { countingVerdicts } from "./verdicts.js";

/** The episodes that people gave a verdict on, with the one that counts; those whose episode the store has dropped are left out. */
export async function judgedEpisodes(reading: Reading): Promise<readonly JudgedEpisode[]> {
  return (await episodesWithVerdict(reading)).map(({ row, verdict }) => judgedOf(row, verdict));
}

export function judgedOf(row: EpisodeRow, { verdict, at, author, note }: VerdictRow): JudgedEpisode {
  return { id: row.id, look: lookOf(recordOf(row)), verdict, at, author, note };
}

/** Rows of episodes beside the verdict that counts, in the order of the verdicts. */
export async function episodesWithVerdict(
  reading: Reading,
): Promise<readonly { readonly row: EpisodeRow; readonly verdict: VerdictRow }[]> {
  const found: { row: EpisodeRow; verdict: VerdictRow }[] = [];
  for (const verdict of (await countingVerdicts(reading)).values()) {
    const row = await reading.get("episodes", verdict.episode);
    if (row !== undefined) found.push({ row, verdict });
  }
  return found;
}

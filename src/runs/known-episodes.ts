import type { KnownEpisode } from "../records/identity.js";
import { isOwnedBy, type Owner } from "../records/origin.js";
import type { AnomalyRecord } from "../records/record.js";
import type { Memory } from "../store/memory.js";

/** The memory as `--fresh` begins with: nothing of this owner's, as if it had never run; of others all. */
export function forgetOwn(memory: Memory, owner: Owner): Memory {
  return { ...memory, episodes: memory.episodes.filter((episode) => !isOwnedBy(episode, owner)) };
}

/**
 * The episodes of earlier runs that this owner's records may continue: those of the memory, and where it has none (it was removed)
 * those of the records so far.
 *
 * An older version gave two detectors the same id for the same begin. Where the records hold an id as somebody else's, it is theirs.
 */
export function knownEpisodes(
  memory: Memory,
  existing: readonly AnomalyRecord[],
  owner: Owner,
): readonly KnownEpisode[] {
  const own = memory.episodes.filter((episode) => isOwnedBy(episode, owner));
  const episodes = own.length > 0 ? own : existing.filter((record) => isOwnedBy(record, owner));
  const others = new Set(existing.filter((record) => !isOwnedBy(record, owner)).map(({ id }) => id));
  return episodes.filter(({ id }) => !others.has(id));
}

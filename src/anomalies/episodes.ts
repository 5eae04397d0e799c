/** A run of alarms: slots `first … last` of a trace, both included. */
export interface Episode {
  readonly first: number;
  readonly last: number;
  /** Slots that are alarms; the others lie in bridged gaps. */
  readonly alarms: number;
}

/**
 * Joins alarms into episodes: alarms with at most `mergeGap` quiet slots between them are one.
 *
 * @param isAlarm asked for slots `from … until - 1` in order. @param leastSlots shorter episodes (first to last) are dropped.
 */
export function findEpisodes(
  isAlarm: (slot: number) => boolean,
  from: number,
  until: number,
  mergeGap: number,
  leastSlots: number,
): Episode[] {
  const episodes: { first: number; last: number; alarms: number }[] = [];
  for (let slot = from; slot < until; slot++) {
    if (!isAlarm(slot)) continue;
    const open = episodes[episodes.length - 1];
    if (open !== undefined && slot - open.last - 1 <= mergeGap) {
      open.last = slot;
      open.alarms++;
    } else episodes.push({ first: slot, last: slot, alarms: 1 });
  }
  return episodes.filter((episode) => episode.last - episode.first + 1 >= leastSlots);
}

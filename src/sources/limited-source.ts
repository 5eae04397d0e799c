import { seriesKey } from "../series/series.js";
import { tooManySeries } from "./input-limits.js";
import type { SeriesSource } from "./source.js";

/** A source that refuses to bring more than `maxSeries` different series over all of its fetches. @param name for the message. */
export function limitedSource(source: SeriesSource, maxSeries: number, name: string): SeriesSource {
  const seen = new Set<string>();
  return {
    kind: source.kind,
    async fetch(query, range, onProgress) {
      const fetched = await source.fetch(query, range, onProgress);
      for (const { labels } of fetched.series) seen.add(seriesKey(labels));
      if (seen.size > maxSeries) throw tooManySeries(name, maxSeries);
      return fetched;
    },
  };
}

import { type SampleSeries, sampleCount } from "./sample-series.js";

/** Samples of one request: some 300 kB before compression, far below what receivers take, and few requests for many series. */
export const MOST_SAMPLES = 10_000;

/**
 * The samples of many series in requests, sliced by time: all series of an hour come before any of the next. A Prometheus that is
 * empty takes a history of months in this order only, because one new sample makes it refuse what is an hour older.
 */
export function* slicesOf(
  series: readonly SampleSeries[],
  mostSamples = MOST_SAMPLES,
): Generator<readonly SampleSeries[]> {
  const firstMs = series.reduce((least, { times }) => Math.min(least, times[0]), Number.POSITIVE_INFINITY);
  const lastMs = series.reduce((most, { times }) => Math.max(most, times[times.length - 1]), Number.NEGATIVE_INFINITY);
  if (!Number.isFinite(firstMs)) return;
  const windows = Math.max(1, Math.ceil(sampleCount(series) / mostSamples));
  const windowMs = Math.max(1, Math.ceil((lastMs - firstMs + 1) / windows));
  const at = series.map(() => 0);
  let request: SampleSeries[] = [];
  let room = mostSamples;
  for (let endMs = firstMs + windowMs; endMs - windowMs <= lastMs; endMs += windowMs) {
    for (const [i, one] of series.entries()) {
      let from = at[i];
      while (from < one.times.length && one.times[from] < endMs) {
        let to = from;
        while (to < one.times.length && one.times[to] < endMs && to - from < room) to++;
        request.push({ ...one, times: one.times.slice(from, to), values: one.values.slice(from, to) });
        room -= to - from;
        from = to;
        if (room > 0) continue;
        yield request;
        request = [];
        room = mostSamples;
      }
      at[i] = from;
    }
    // A window that is not full waits for no other: the next window's samples are younger.
    if (request.length > 0) yield request;
    request = [];
    room = mostSamples;
  }
}

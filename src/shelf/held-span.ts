import type { TimeRange } from "../series/series.js";
import { type StoredSeries, storedEndMs, takeSlots } from "./stored-series.js";

/** Slots that are looked at together; only the empty ends are read, and a little more. */
const BLOCK_SLOTS = 4096;

/**
 * The same series without the stretches at the beginning and at the end in which none of them has a value (NaN): a server asked for 90
 * days of metrics that are two weeks old answers with eleven weeks of nothing, and shares of that time say nothing about
 * the metrics. Gaps inside stay, and so does a series that begins later than others: it is the time of all that is cut.
 * Values are not copied. Series without any value at all stay as they are.
 *
 * @throws the error of the file system if a scratch file cannot be read.
 */
export function withoutEmptyEnds(series: readonly StoredSeries[]): readonly StoredSeries[] {
  const held = heldSpan(series);
  return held === undefined ? series : series.map((one) => (one.coverage === 0 ? one : cutTo(one, held)));
}

/** From the first slot in which any series has a value to the end of the last; `undefined` where there is no value. */
function heldSpan(series: readonly StoredSeries[]): TimeRange | undefined {
  let startMs = Number.POSITIVE_INFINITY;
  let endMs = Number.NEGATIVE_INFINITY;
  for (const one of series) {
    if (one.coverage === 0) continue;
    if (one.startMs < startMs) startMs = Math.min(startMs, one.startMs + firstValue(one) * one.stepMs);
    if (storedEndMs(one) > endMs) endMs = Math.max(endMs, one.startMs + afterLastValue(one) * one.stepMs);
  }
  return startMs < endMs ? { startMs, endMs } : undefined;
}

function firstValue(series: StoredSeries): number {
  for (let from = 0; from < series.length; from += BLOCK_SLOTS) {
    const { values } = takeSlots(series, from, Math.min(series.length, from + BLOCK_SLOTS));
    const at = values.findIndex((value) => value === value);
    if (at >= 0) return from + at;
  }
  return series.length;
}

function afterLastValue(series: StoredSeries): number {
  for (let until = series.length; until > 0; until -= BLOCK_SLOTS) {
    const from = Math.max(0, until - BLOCK_SLOTS);
    const at = takeSlots(series, from, until).values.findLastIndex((value) => value === value);
    if (at >= 0) return from + at + 1;
  }
  return 0;
}

function cutTo(series: StoredSeries, { startMs, endMs }: TimeRange): StoredSeries {
  const { stepMs, place } = series;
  const from = Math.max(0, Math.ceil((startMs - series.startMs) / stepMs));
  const until = Math.min(series.length, Math.ceil((endMs - series.startMs) / stepMs));
  if (from === 0 && until === series.length) return series;
  return {
    ...series,
    startMs: series.startMs + from * stepMs,
    length: until - from,
    coverage: (series.coverage * series.length) / (until - from),
    place:
      place.kind === "memory"
        ? { ...place, values: place.values.subarray(from, until) }
        : { ...place, byte: place.byte + from * Float64Array.BYTES_PER_ELEMENT },
  };
}

import { coverage, type Series } from "../series/series.js";
import { sharedFloat64 } from "../threads/shared.js";
import { readDoubles, type Scratch } from "./scratch.js";

/** Where the values of a series are kept while they are not worked on. */
export type Place =
  /** In memory that all threads share, if the array stands on it. */
  | { readonly kind: "memory"; readonly values: Float64Array }
  /** In a scratch file, as doubles in the machine's byte order, from this byte on. */
  | { readonly kind: "file"; readonly path: string; readonly byte: number };

/** A series whose values are kept elsewhere: plain data that can be sent to another thread. */
export interface StoredSeries extends Omit<Series, "values"> {
  /** Number of slots. */
  readonly length: number;
  /** Share (0–1) of them that holds a value. */
  readonly coverage: number;
  readonly place: Place;
}

const BYTES = Float64Array.BYTES_PER_ELEMENT;

/** Takes a series from whoever has read it. */
export type Keep = (series: Series) => StoredSeries;

/** Puts series into memory that all threads share. */
export const storeShared: Keep = (series) => {
  const values = sharedFloat64(series.values.length);
  values.set(series.values);
  return storeInMemory({ ...series, values });
};

/** Puts series into a scratch file. */
export function storeInScratch(scratch: Scratch): Keep {
  return ({ values, ...series }) => ({
    ...series,
    length: values.length,
    coverage: coverage(values),
    place: { kind: "file", path: scratch.path, byte: scratch.append(values) },
  });
}

/** A series that stays where it is, in memory. */
export function storeInMemory({ values, ...series }: Series): StoredSeries {
  return { ...series, length: values.length, coverage: coverage(values), place: { kind: "memory", values } };
}

/** The end of the last slot (exclusive). */
export function storedEndMs({ startMs, stepMs, length }: StoredSeries): number {
  return startMs + length * stepMs;
}

/**
 * The slots `from … until - 1` of a stored series, as a series. Values in memory are not copied, so they must not be changed.
 *
 * @throws the error of the file system if the scratch file cannot be read.
 */
export function takeSlots(stored: StoredSeries, from = 0, until = stored.length): Series {
  const { name, labels, stepMs, unit, place } = stored;
  const startMs = stored.startMs + from * stepMs;
  const values =
    place.kind === "memory"
      ? place.values.subarray(from, until)
      : readDoubles(place.path, [{ byte: place.byte + from * BYTES, length: Math.max(0, until - from) }]);
  return { name, labels, startMs, stepMs, values, ...(unit === undefined ? {} : { unit }) };
}

import { closeSync, openSync, readSync } from "node:fs";
import { coverage, type Series } from "../series/series.js";

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
  const values = place.kind === "memory" ? place.values.subarray(from, until) : readValues(place, from, until);
  return { name, labels, startMs, stepMs, values, ...(unit === undefined ? {} : { unit }) };
}

function readValues({ path, byte }: Extract<Place, { kind: "file" }>, from: number, until: number): Float64Array {
  const values = new Float64Array(Math.max(0, until - from));
  const bytes = new Uint8Array(values.buffer);
  const file = openSync(path, "r");
  try {
    let done = 0;
    while (done < bytes.length) {
      const read = readSync(file, bytes, done, bytes.length - done, byte + from * values.BYTES_PER_ELEMENT + done);
      if (read === 0) throw new RangeError(`the scratch file ${path} ends before the values of a series`);
      done += read;
    }
  } finally {
    closeSync(file);
  }
  return values;
}

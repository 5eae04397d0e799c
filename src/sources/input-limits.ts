import { totalmem } from "node:os";
import { InputError } from "../errors/errors.js";
import { thousands } from "../wording/count.js";

/** Ten times the largest fleet that the benchmarks know; names and labels of this many series take some 100 MB. */
export const DEFAULT_MAX_SERIES = 100_000;
/** Half a year of 1,000 series at 5 minutes; its values take about as much memory as its text. */
export const DEFAULT_MAX_DECOMPRESSED_BYTES = 1e9;

/** What input may cost before it is refused. */
export interface InputLimits {
  /** Series of one file, of all files together, or of one source. */
  readonly maxSeries?: number;
  /** Bytes that one gzipped file unpacks to. */
  readonly maxDecompressedBytes?: number;
}

/**
 * The refusal of more series than the limit.
 *
 * @param where `fleet.csv, column "message"`, or a server.
 */
export function tooManySeries(where: string, maxSeries: number, advice = ""): InputError {
  return new InputError(
    "max_series",
    `${where} has more than ${thousands(maxSeries)} series${advice}; read less, or raise --max-series`,
  );
}

/** Values are held twice while they are put in order. */
const VALUES_SHARE = 0.4;
/** A year of 1,000 series at a minute. A cell may be a byte of text (`,,,`) and takes eight here. */
const MOST_VALUE_BYTES = 4e9;

/** What the values of one file may take of this machine's memory, or of what its container has, in bytes. */
export function memoryForValues(): number {
  const constrained = process.constrainedMemory();
  const memory = constrained > 0 ? Math.min(constrained, totalmem()) : totalmem();
  return Math.min(VALUES_SHARE * memory, MOST_VALUE_BYTES);
}

/** The refusal of a file whose values are more than the memory. */
export function tooManyValues(path: string, maxBytes: number): InputError {
  return new InputError(
    "max_values",
    `the values of ${path} take more than ${thousands(Math.round(maxBytes / 1e6))} MB of memory; read less of it with --from and --until, or split it`,
  );
}

/** The refusal of a file that unpacks to more than the limit. */
export function tooLargeUnpacked(path: string, maxBytes: number): InputError {
  const size = `${Number((maxBytes / 1e6).toPrecision(3)).toLocaleString("en-US")} MB`;
  return new InputError(
    "max_decompressed",
    `${path} unpacks to more than ${size}; split it, or raise --max-decompressed`,
  );
}

/**
 * The first moment that a time in a file or on the command line may have. Metrics older than this do not exist in
 * practice; a number that would land before it is a count, an index, or a unit read wrongly.
 */
export const OLDEST_TIME_MS = 946_684_800_000; // 2000-01-01T00:00:00Z

export type EpochUnit = "s" | "ms" | "us" | "ns";

/**
 * The unit of an epoch number, given by its size: up to 1e11 seconds (the year 5138), then thousandfold steps. The lower
 * end of each range is the year 1973, before `OLDEST_TIME_MS`, so milliseconds can never be taken for seconds of 1970.
 */
export function epochUnit(value: number): EpochUnit {
  const size = Math.abs(value);
  return size < 1e11 ? "s" : size < 1e14 ? "ms" : size < 1e17 ? "us" : "ns";
}

/** Epoch number of any unit → epoch milliseconds, rounded to whole ones. NaN gives NaN. */
export function epochToMs(value: number): number {
  const size = Math.abs(value);
  return Math.round(size < 1e11 ? value * 1e3 : size < 1e14 ? value : size < 1e17 ? value / 1e3 : value / 1e6);
}

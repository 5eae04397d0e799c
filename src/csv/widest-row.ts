import { DEFAULT_MAX_SERIES, tooManySeries } from "../sources/input-limits.js";

/** Columns that are no series: the time, names, remarks. */
const SPARE_COLUMNS = 32;
const [LF, QUOTE] = [10, 34];
const DELIMITERS = [44, 59, 9];

/** The cells of the first line that has any, by the delimiter that splits it most. Delimiters within quotes count for nothing. */
function widestRow(block: Uint8Array): number {
  const counts = DELIMITERS.map(() => 0);
  let quoted = false;
  for (const byte of block) {
    if (byte === QUOTE) quoted = !quoted;
    else if (byte === LF && !quoted && counts.some((count) => count > 0)) break;
    else if (!quoted) {
      const delimiter = DELIMITERS.indexOf(byte);
      if (delimiter >= 0) counts[delimiter]++;
    }
  }
  return Math.max(...counts) + 1;
}

/** Refuses a header of too many columns before their names are made: millions of them are a gigabyte. */
export function refuseWideHeader(path: string, block: Uint8Array, maxSeries = DEFAULT_MAX_SERIES): void {
  if (widestRow(block) > maxSeries + SPARE_COLUMNS) throw tooManySeries(path, maxSeries);
}

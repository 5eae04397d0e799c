import { InputError } from "../errors/errors.js";
import { MINUTE_MS } from "../time/duration.js";
import { thousands } from "../wording/count.js";
import type { FinishedTable, Layout } from "./table.js";

/** Fewer series may be the first rows of a fleet; of this many with a row each nothing can be learned. */
const LEAST_SERIES = 1000;
const FEWEST_ROWS = 2;
/** One look at a fleet has one row per series too, but all at about one time. */
const LONGEST_LOOK_MS = 10 * MINUTE_MS;
export const EVENTS_ADVICE = "count the events of each minute first, or leave that column out";

/**
 * Refuses a log of events, in which nearly every row names a series of its own.
 *
 * @throws InputError naming file and columns.
 */
export function refuseEvents(path: string, { columns, nameColumns }: Layout, { series }: FinishedTable): void {
  if (series.length < LEAST_SERIES) return;
  let rows = 0;
  let firstMs = Number.POSITIVE_INFINITY;
  let lastMs = Number.NEGATIVE_INFINITY;
  for (const { points } of series) {
    rows += points.times.length;
    if (points.times.length === 0) continue;
    firstMs = Math.min(firstMs, points.times[0]);
    lastMs = Math.max(lastMs, points.times[points.times.length - 1]);
  }
  if (rows >= FEWEST_ROWS * series.length || !(lastMs - firstMs > LONGEST_LOOK_MS)) return;
  const named = nameColumns.map((column) => JSON.stringify(columns[column])).join(", ");
  throw new InputError(
    "events",
    `${path} is a table of events and not of series: column ${named} names ${thousands(series.length)} series in ${thousands(rows)} rows; ${EVENTS_ADVICE}`,
  );
}

import type { Series } from "../series/series.js";
import { DAY_MS, formatDuration, MINUTE_MS } from "../time/duration.js";
import { formatUtc } from "../time/format.js";
import type { Finding } from "./finding.js";

/** What `infer` needs to score a series by its own past, `train` to learn at all, and to learn the week. */
export const SCORED_AFTER_MS = DAY_MS;
export const TRAINED_AFTER_MS = 3 * DAY_MS;
export const WEEK_AFTER_MS = 15 * DAY_MS;

/**
 * How much history there is, and from when on it is enough.
 *
 * @param series some of them, over the `WEEK_AFTER_MS` before now.
 */
export function checkHistory(series: readonly Series[], nowMs: number): Finding {
  const firsts = series.flatMap(({ values, startMs, stepMs }) => {
    const first = values.findIndex((value) => value === value);
    return first < 0 ? [] : [startMs + first * stepMs];
  });
  if (firsts.length === 0)
    return { check: "history", verdict: "unknown", says: "no value shows when the series began" };
  const beganMs = Math.min(...firsts);
  const ageMs = nowMs - beganMs;
  const age = formatDuration(Math.max(MINUTE_MS, Math.floor(ageMs / MINUTE_MS) * MINUTE_MS));
  // The first slot of the range may lie a step behind its begin.
  if (ageMs >= WEEK_AFTER_MS - DAY_MS)
    return { check: "history", verdict: "ok", says: `at least ${age}, enough to train` };
  const from = (neededMs: number) => (ageMs >= neededMs ? "now" : `from ${toMinute(beganMs + neededMs)}`);
  return {
    check: "history",
    verdict: ageMs >= TRAINED_AFTER_MS ? "ok" : "warning",
    says: `${age} so far; infer scores ${from(SCORED_AFTER_MS)}, train works ${from(TRAINED_AFTER_MS)} and learns the week ${from(WEEK_AFTER_MS)}`,
  };
}

/** Rounded up to the minute: before it is not enough yet. */
function toMinute(timeMs: number): string {
  return formatUtc(Math.ceil(timeMs / MINUTE_MS) * MINUTE_MS).replace(/:00Z$/, "Z");
}

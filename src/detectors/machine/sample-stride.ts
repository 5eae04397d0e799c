import { HOUR_MS, MINUTE_MS } from "../../time/duration.js";

/** What is known over hours and days needs no closer look. */
const SAMPLE_MS = 5 * MINUTE_MS;

/**
 * One slot in this many is enough for a scale of days: about one in five minutes, every one at coarser steps. The number has no divisor
 * in common with the slots of an hour, so that samples wander through it and never meet only the minutes in which a cron job runs.
 *
 * @example sampleStride(60_000) // 7
 */
export function sampleStride(stepMs: number): number {
  const hour = Math.max(1, Math.round(HOUR_MS / stepMs));
  let stride = Math.max(1, Math.round(SAMPLE_MS / stepMs));
  while (commonDivisor(stride, hour) > 1) stride++;
  return stride;
}

function commonDivisor(a: number, b: number): number {
  return b === 0 ? a : commonDivisor(b, a % b);
}

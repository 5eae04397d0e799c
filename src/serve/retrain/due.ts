import { createHash } from "node:crypto";
import { HOUR_MS, MINUTE_MS } from "../../time/duration.js";

/** Jobs of one period are spread over this share of it: they were often all trained on the same day. */
const JITTER_SHARE = 0.1;
const LONGEST_PAUSE_MS = 6 * HOUR_MS;

/**
 * When a job's model is to be trained again: a period after its newest version, and a delay by the job's name, which is the same in
 * every process.
 */
export function dueAtMs(job: string, newestTrainedMs: number, periodMs: number): number {
  const spreadMs = Math.floor(periodMs * JITTER_SHARE);
  const hash = createHash("sha256").update(job).digest().readUInt32LE(4);
  return newestTrainedMs + periodMs + (spreadMs === 0 ? 0 : hash % spreadMs);
}

/** How long a training that failed so many times in a row is left alone: a minute, then twice as long each time, up to 6 h or the period. */
export function pauseMs(failures: number, periodMs: number): number {
  return Math.min(MINUTE_MS * 2 ** Math.min(failures - 1, 20), LONGEST_PAUSE_MS, periodMs);
}

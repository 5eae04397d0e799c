import { createHash } from "node:crypto";
import { SECOND_MS } from "../time/duration.js";

/** When a job is due: at every multiple of the interval since 1970 (UTC), a little later. */
export interface Timetable {
  readonly everyMs: number;
  /** The same in every process and after every restart; less than the interval. */
  readonly jitterMs: number;
}

/** Jobs of one interval are spread over this share of it, and over half a minute at most: everyone's `1m` begins at the full minute. */
const JITTER_SHARE = 0.1;
const MOST_JITTER_MS = 30 * SECOND_MS;

/** The timetable of a job; the jitter depends on its name only. */
export function timetableOf(name: string, everyMs: number): Timetable {
  const spreadMs = Math.floor(Math.min(MOST_JITTER_MS, everyMs * JITTER_SHARE));
  const hash = createHash("sha256").update(name).digest().readUInt32LE(0);
  return { everyMs, jitterMs: spreadMs === 0 ? 0 : hash % spreadMs };
}

/** The first moment after `ms` at which the job is due. */
export function nextAfter({ everyMs, jitterMs }: Timetable, ms: number): number {
  return (Math.floor((ms - jitterMs) / everyMs) + 1) * everyMs + jitterMs;
}

/** How many moments at which the job was due are after `sinceMs` and not after `untilMs`. */
export function dueBetween({ everyMs, jitterMs }: Timetable, sinceMs: number, untilMs: number): number {
  if (untilMs <= sinceMs) return 0;
  return Math.floor((untilMs - jitterMs) / everyMs) - Math.floor((sinceMs - jitterMs) / everyMs);
}

/** Where a job is in its timetable. */
export interface Turn {
  readonly timetable: Timetable;
  /** The moment up to which all that was due has been run or counted as missed. */
  readonly settledMs: number;
}

export type Look =
  | { readonly kind: "wait"; readonly untilMs: number; readonly turn: Turn }
  /** Run it once, however many moments have passed: `missed` are those beside the newest. */
  | { readonly kind: "run"; readonly missed: number; readonly turn: Turn };

/**
 * What is to be done with a job now. After a pause (a suspended machine, a run that took longer than its interval) it is run once,
 * and the other moments are counted. A clock that was set back does not keep a job waiting until the old time has come again.
 */
export function lookAtClock({ timetable, settledMs }: Turn, nowMs: number): Look {
  const sinceMs = Math.min(settledMs, nowMs);
  const due = dueBetween(timetable, sinceMs, nowMs);
  if (due === 0) return { kind: "wait", untilMs: nextAfter(timetable, nowMs), turn: { timetable, settledMs: sinceMs } };
  return { kind: "run", missed: due - 1, turn: { timetable, settledMs: nowMs } };
}

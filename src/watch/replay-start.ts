import { DAY_MS } from "../time/duration.js";

/** A series is scored afresh from its history once a day, so that a value that was rewritten long after is seen by then. */
const AFRESH_MS = DAY_MS;

/**
 * The slot that the scoring of a series begins at: early enough for the reported window, and the same for all runs of a day, so
 * that a run which continues from a remembered state has seen exactly what one without has. Each series has its own time of
 * day, given by its name, so that not all of them are scored afresh at once.
 *
 * @param key identity of the series (`seriesKey`). @param fromMs begin of the reported window.
 */
export function replayStartMs(key: string, fromMs: number, historyMs: number, stepMs: number): number {
  const phaseMs = (hash(key) / 2 ** 32) * AFRESH_MS;
  const dayMs = Math.floor((fromMs - historyMs - phaseMs) / AFRESH_MS) * AFRESH_MS + phaseMs;
  return Math.floor(dayMs / stepMs) * stepMs;
}

/** The earliest start that any series can have. */
export function earliestStartMs(fromMs: number, historyMs: number, stepMs: number): number {
  return Math.floor((fromMs - historyMs - AFRESH_MS) / stepMs) * stepMs - stepMs;
}

/** FNV-1a with the finish of MurmurHash3, so that every bit depends on all characters. Source: Fowler, Noll, Vo (1991); Appleby. */
export function hash(text: string): number {
  let h = 0x811c9dc5;
  for (let i = 0; i < text.length; i++) h = Math.imul(h ^ text.charCodeAt(i), 0x01000193);
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b);
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
  return (h ^ (h >>> 16)) >>> 0;
}

import { formatDuration } from "../time/duration.js";
import type { Log } from "./log.js";

export interface Progress {
  readonly update: (done: number, total: number, note?: string) => void;
  readonly stop: () => void;
}

const SILENT: Progress = { update: () => {}, stop: () => {} };
const BAR_CELLS = 24;
/** A guess of the rest made from less than this is mostly wrong. */
const ETA_AFTER_MS = 2000;
/** Redrawing more often than people can read only costs time. */
const REDRAW_MS = 80;

/**
 * A moving line on stderr: what is being done, how far it is, how long it may still take. Where there is no terminal,
 * or with `--quiet` or JSON logs, there is none at all.
 */
export async function startProgress(log: Log, label: string, nowMs: () => number): Promise<Progress> {
  if (!log.animated) return SILENT;
  const { default: ora } = await import("ora");
  // Reading the keyboard would take Ctrl-C away from the run.
  const spinner = ora({ text: label, stream: process.stderr, discardStdin: false, hideCursor: false }).start();
  const beganMs = nowMs();
  let drawnMs = 0;
  return {
    update: (done, total, note) => {
      const now = nowMs();
      if (now - drawnMs < REDRAW_MS && done < total) return;
      drawnMs = now;
      spinner.text = progressText({ label, done, total, elapsedMs: now - beganMs, note });
      // Work that keeps the event loop busy would otherwise never show a frame.
      spinner.render();
    },
    stop: () => {
      spinner.stop();
    },
  };
}

export interface ProgressState {
  readonly label: string;
  readonly done: number;
  readonly total: number;
  readonly elapsedMs: number;
  readonly note?: string;
}

/** The line as text. The rest is reckoned from the pace so far. */
export function progressText({ label, done, total, elapsedMs, note }: ProgressState): string {
  const share = total > 0 ? Math.min(1, done / total) : 0;
  const full = Math.round(share * BAR_CELLS);
  const bar = `${"━".repeat(full)}${"╌".repeat(BAR_CELLS - full)}`;
  const restMs = share > 0 ? elapsedMs / share - elapsedMs : 0;
  const eta =
    share > 0 && share < 1 && elapsedMs >= ETA_AFTER_MS ? `  ${formatDuration(Math.max(1000, restMs))} left` : "";
  const percent = `${Math.floor(share * 100)}`.padStart(3);
  return `${label}  ${bar} ${percent}%${eta}${note === undefined ? "" : `  ${note}`}`;
}

/** Does some work with a moving line, which is gone when the work ends, well or not. */
export async function withProgress<T>(
  log: Log,
  label: string,
  nowMs: () => number,
  work: (progress: Progress) => Promise<T>,
): Promise<T> {
  const progress = await startProgress(log, label, nowMs);
  try {
    return await work(progress);
  } finally {
    progress.stop();
  }
}

import { formatDuration } from "../time/duration.js";
import type { WholeContext } from "./commands/spec.js";
import type { Streams } from "./streams.js";

export interface Progress {
  /** @throws what the interrupt gave as its reason, once there was one. */
  readonly update: (done: number, total: number, note?: string) => void;
}

interface Line extends Progress {
  readonly stop: () => void;
}

const SILENT: Line = { update: () => {}, stop: () => {} };
const BAR_CELLS = 24;
/** The spinner, the blank behind it, and the last column, where some terminals wrap. */
const SPINNER_CELLS = 3;
/** A guess of the rest made from less than this is mostly wrong. */
const ETA_AFTER_MS = 2000;
/** Redrawing more often than people can read only costs time. */
const REDRAW_MS = 80;

/** What a moving line needs of the run. */
type Run = Pick<WholeContext, "log" | "signal" | "streams">;

/**
 * Does some work with a moving line on stderr: what is being done, how far it is, how long it may still take; gone when
 * the work ends, well or not. Where there is no terminal, or with `--quiet` or JSON logs, there is no line.
 *
 * Each report of progress is also where Ctrl-C ends the work.
 */
export async function withProgress<T>(run: Run, label: string, work: (progress: Progress) => Promise<T>): Promise<T> {
  const line = run.log.animated ? await startLine(label, run.streams) : SILENT;
  try {
    return await work({
      update: (done, total, note) => {
        run.signal.throwIfAborted();
        line.update(done, total, note);
      },
    });
  } finally {
    line.stop();
  }
}

async function startLine(label: string, { nowMs, stderrColumns }: Streams): Promise<Line> {
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
      const text = progressText({ label, done, total, elapsedMs: now - beganMs, note });
      spinner.text = text.slice(0, stderrColumns - SPINNER_CELLS);
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

import { spawn } from "node:child_process";
import { setPriority } from "node:os";
import { messageOf } from "../../errors/errors.js";
import { HOUR_MS } from "../../time/duration.js";

/** A training under way in a process of its own, so that its memory and time are not the server's. */
export interface TrainProcess {
  readonly pid: number | undefined;
  /** Undefined: it has written a challenger. Else why not. Never rejects. */
  readonly ended: Promise<string | undefined>;
  readonly stop: () => void;
}

/** The kernel gives it what scoring leaves. */
const NICENESS = 10;
/** A training of 10,000 series takes minutes; one that hangs must not keep the others from theirs for ever. */
const LONGEST_MS = 6 * HOUR_MS;
/** What is kept of its last words. */
const MOST_WORDS = 4000;
/** Between the request to end and the end. */
const STOP_MS = 1500;

export function startTraining([program, ...args]: readonly string[]): TrainProcess {
  const child = spawn(program, args, { stdio: ["ignore", "ignore", "pipe"] });
  let words = "";
  child.stderr.setEncoding("utf8").on("data", (text: string) => {
    words = (words + text).slice(-MOST_WORDS);
  });
  try {
    if (child.pid !== undefined) setPriority(child.pid, NICENESS);
  } catch {
    // It has ended already, or the system does not allow it.
  }
  let killed: NodeJS.Timeout | undefined;
  const stop = () => {
    child.kill("SIGTERM");
    killed ??= setTimeout(() => child.kill("SIGKILL"), STOP_MS);
  };
  let isLate = false;
  const late = setTimeout(() => {
    isLate = true;
    stop();
  }, LONGEST_MS);
  const ended = new Promise<string | undefined>((done) => {
    child.once("error", (cause) => done(`cannot be started: ${messageOf(cause)}`));
    child.once("close", (status, signal) => {
      if (status === 0) return done(undefined);
      if (isLate) return done("took longer than 6 h");
      done(lastLine(words) ?? `ended by ${signal ?? `status ${status}`}`);
    });
  }).finally(() => {
    clearTimeout(late);
    clearTimeout(killed);
  });
  return { pid: child.pid, ended, stop };
}

function lastLine(text: string): string | undefined {
  return text
    .split("\n")
    .map((line) => line.trim().replace(/^error: /, ""))
    .findLast((line) => line !== "");
}

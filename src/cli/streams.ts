import { fstatSync } from "node:fs";
import { messageOf, OutputError } from "../errors/errors.js";

/** What is at the other end of stdin or stdout; decides where records go when `-o` does not say. */
export type StreamKind = "terminal" | "device" | "pipe" | "file";

/** All that a run takes from the process around it, handed in so that a test can stand in for a shell. */
export interface Streams {
  readonly stdin: NodeJS.ReadableStream;
  readonly stdinKind: StreamKind;
  readonly stdoutKind: StreamKind;
  readonly stderrIsTerminal: boolean;
  /** Width of the terminal on stderr; 0 where there is none or it does not say, as in containers. */
  readonly stderrColumns: number;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** The wall clock, epoch ms. */
  readonly nowMs: () => number;
  /** Writes data; resolves once the text is taken. A reader that has gone away is no error. */
  readonly out: (text: string) => Promise<void>;
  /** Writes logs and progress. */
  readonly err: (text: string) => void;
}

/** The kind of an open file descriptor; a closed one counts as a device, because nothing can be sent through it. */
export function streamKind(fd: number, isTerminal: boolean): StreamKind {
  if (isTerminal) return "terminal";
  try {
    const stat = fstatSync(fd);
    if (stat.isFile()) return "file";
    return stat.isFIFO() || stat.isSocket() ? "pipe" : "device";
  } catch {
    return "device";
  }
}

/** `anomaly infer | head -1` closes the pipe early: what is still to be written has no reader, and that is no failure. */
function readerIsGone({ code }: NodeJS.ErrnoException): boolean {
  return code === "EPIPE" || code === "ERR_STREAM_DESTROYED";
}

function unwritten(cause: NodeJS.ErrnoException): OutputError {
  const why = cause.code === "ENOSPC" ? "the disk is full; free some space" : messageOf(cause);
  return new OutputError("stdout", `cannot write to stdout: ${why}`, { cause });
}

/** The streams of this process. */
export function systemStreams(): Streams {
  let stdoutGone = false;
  // Each write hears of its own failure below; without a listener Node would end the process with a stack trace.
  process.stdout.on("error", () => {
    stdoutGone = true;
  });
  // Nobody is left to be told that stderr cannot be written.
  process.stderr.on("error", () => {});
  return {
    // A getter: touching process.stdin opens it, which `--version` should not pay for.
    get stdin() {
      return process.stdin;
    },
    get stdinKind() {
      return streamKind(0, process.stdin.isTTY === true);
    },
    get stdoutKind() {
      return streamKind(1, process.stdout.isTTY === true);
    },
    stderrIsTerminal: process.stderr.isTTY === true,
    stderrColumns: process.stderr.columns ?? 0,
    env: process.env,
    nowMs: () => Date.now(),
    out: (text) =>
      new Promise((done, refuse) => {
        if (stdoutGone || text === "") return done();
        process.stdout.write(text, (error) =>
          error == null || readerIsGone(error) ? done() : refuse(unwritten(error)),
        );
      }),
    err: (text) => {
      process.stderr.write(text);
    },
  };
}

import { fstatSync } from "node:fs";

/** What is at the other end of stdin or stdout; decides where records go when `-o` does not say. */
export type StreamKind = "terminal" | "device" | "pipe" | "file";

/** All that a run takes from the process around it, handed in so that a test can stand in for a shell. */
export interface Streams {
  readonly stdin: NodeJS.ReadableStream;
  readonly stdinKind: StreamKind;
  readonly stdoutKind: StreamKind;
  readonly stderrIsTerminal: boolean;
  /** Width of the terminal on stderr; 0 where there is none or it does not tell, as in containers. */
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

/** The streams of this process. */
export function systemStreams(): Streams {
  // `anomaly infer | head -1` closes the pipe early: what is still to be written has no reader, and that is no failure.
  let stdoutGone = false;
  const ignoreClosedPipe = (error: NodeJS.ErrnoException) => {
    if (error.code !== "EPIPE" && error.code !== "ERR_STREAM_DESTROYED") throw error;
  };
  process.stdout.on("error", (error: NodeJS.ErrnoException) => {
    stdoutGone = true;
    ignoreClosedPipe(error);
  });
  process.stderr.on("error", ignoreClosedPipe);
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
      new Promise((done) => {
        if (stdoutGone || text === "") done();
        else process.stdout.write(text, () => done());
      }),
    err: (text) => {
      process.stderr.write(text);
    },
  };
}

import { Readable } from "node:stream";
import type { ExitCode } from "../../errors/errors.js";
import { main } from "../main.js";
import type { StreamKind } from "../streams.js";

export interface CaptureOptions {
  readonly env?: Readonly<Record<string, string>>;
  /** What is piped in; absent: stdin is a terminal. */
  readonly stdin?: string;
  readonly stdoutKind?: StreamKind;
  readonly nowMs?: number;
}

export interface Captured {
  readonly stdout: string;
  readonly stderr: string;
  readonly exitCode: ExitCode;
}

/** Runs the program within this process, as a shell would with these streams. The folder is the process's own. */
export async function runCaptured(argv: readonly string[], options: CaptureOptions = {}): Promise<Captured> {
  let stdout = "";
  let stderr = "";
  const exitCode = await main(argv, {
    stdin: Readable.from(options.stdin === undefined ? [] : [Buffer.from(options.stdin)]),
    stdinKind: options.stdin === undefined ? "terminal" : "pipe",
    stdoutKind: options.stdoutKind ?? "pipe",
    stderrIsTerminal: false,
    stderrColumns: 0,
    env: options.env ?? {},
    nowMs: () => options.nowMs ?? Date.now(),
    out: async (text) => {
      stdout += text;
    },
    err: (text) => {
      stderr += text;
    },
  });
  return { stdout, stderr, exitCode };
}

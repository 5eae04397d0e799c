import { Readable } from "node:stream";
import { AnomalyError, EXIT, type ExitCode } from "../../errors/errors.js";
import type { RunAnyCommand, WholeContext } from "../commands/spec.js";
import { resolveOptions } from "../config/resolve.js";
import { guardedStreams } from "../guarded-streams.js";
import { jobNames, withJobsPaths } from "../jobs.js";
import { createLog } from "../log.js";
import type { CommandName } from "../options/spec.js";
import type { OptionKey } from "../options/table.js";
import type { Streams } from "../streams.js";

/** A command and what it is given, as on its own command line. */
export interface Call {
  readonly command: CommandName;
  /** Loads its code, which comes with large libraries. */
  readonly load: () => Promise<RunAnyCommand>;
  readonly positionals?: readonly string[];
  readonly flags: Readonly<Partial<Record<OptionKey, string | readonly string[] | undefined>>>;
  readonly job?: string;
}

export interface Called {
  readonly exitCode: ExitCode;
  readonly stdout: string;
  /** Warnings and errors, one sentence each. */
  readonly warnings: readonly string[];
}

/**
 * Runs a command inside this process: options from the environment and anomaly.yaml as always, what it prints caught, secrets
 * taken out of it. What it would write to stdout never gets there.
 *
 * @throws InputError and its kin as the command does, without secrets.
 */
export async function callCommand(
  { command, load, positionals = [], flags, job }: Call,
  { streams, signal, configPath }: Pick<WholeContext, "streams" | "signal" | "configPath">,
): Promise<Called> {
  let stdout = "";
  let stderr = "";
  const caught: Streams = guardedStreams({
    stdin: Readable.from([]),
    stdinKind: "terminal",
    stdoutKind: "pipe",
    stderrIsTerminal: false,
    stderrColumns: 0,
    env: streams.env,
    nowMs: streams.nowMs,
    out: async (text) => {
      stdout += text;
    },
    err: (text) => {
      stderr += text;
    },
  });
  const log = createLog(caught, { quiet: true, verbose: false, format: "text" });
  try {
    const given = Object.entries({ ...flags, config: configPath }).flatMap(([key, value]) =>
      value === undefined ? [] : [[key as OptionKey, typeof value === "string" ? [value] : value] as const],
    );
    const resolved = await resolveOptions(new Map(given), streams.env, command, job);
    if (job !== undefined) jobNames({ ...resolved, options: { job: [job] } });
    const options = job === undefined ? resolved.options : withJobsPaths(resolved, job, false);
    const run = await load();
    const exitCode = await run({ ...resolved, options, positionals, streams: caught, log, signal, job });
    return { exitCode, stdout, warnings: sentences(stderr) };
  } catch (thrown) {
    if (!(thrown instanceof AnomalyError)) throw thrown;
    stderr = "";
    caught.err(thrown.message);
    throw new AnomalyError(thrown.code, thrown.exitCode ?? EXIT.failed, stderr);
  }
}

const sentences = (text: string) =>
  text.split("\n").flatMap((line) => (line === "" ? [] : [line.replace(/^(error|warning): /, "")]));

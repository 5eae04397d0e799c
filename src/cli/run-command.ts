import type { ExitCode } from "../errors/errors.js";
import { loadAlongside } from "./commands/load.js";
import type { RunAnyCommand } from "./commands/spec.js";
import { COMMANDS } from "./commands/table.js";
import { resolveOptions } from "./config/resolve.js";
import { Interrupted } from "./failure.js";
import { createLog, paintFor } from "./log.js";
import type { CommandName } from "./options/spec.js";
import { parseArguments } from "./parse.js";
import { checkPositionals } from "./positionals.js";
import type { Streams } from "./streams.js";

const SIGNALS = ["SIGINT", "SIGTERM"] as const;

/** Runs one command: arguments and settings into values, then the command's own code. @param loading that code. */
export async function runCommand(
  command: CommandName,
  args: readonly string[],
  streams: Streams,
  loading: Promise<RunAnyCommand>,
): Promise<ExitCode> {
  const spec = COMMANDS[command];
  const { flags, positionals } = parseArguments(command, args);
  checkPositionals(command, spec, positionals);
  const resolved = await resolveOptions(flags, streams.env, command);
  loadAlongside(command, resolved.options).catch(() => {});
  const { quiet, verbose, logFormat } = resolved.options;
  const paint = await paintFor(streams, streams.stderrIsTerminal);
  const log = createLog(streams, { quiet, verbose, format: logFormat }, paint);
  const run = await loading;

  const interrupt = new AbortController();
  // The first signal lets the run clear away what is half-written; the second one finds Node's own handler.
  const stop = (name: (typeof SIGNALS)[number]) => interrupt.abort(new Interrupted(name));
  for (const name of SIGNALS) process.once(name, stop);
  try {
    const shared = { positionals, streams, log, signal: interrupt.signal };
    // serve has its jobs side by side, and all by default.
    if (resolved.options.job.length === 0 || ["serve", "rules", "dashboards", "export"].includes(command))
      return await run({ ...resolved, ...shared });
    const { runJobs } = await import("./jobs.js");
    return await runJobs(command, resolved, flags, { ...shared, run });
  } catch (thrown) {
    // What an aborted request or read throws is only the echo of the interrupt.
    if (interrupt.signal.aborted) throw interrupt.signal.reason;
    throw thrown;
  } finally {
    for (const name of SIGNALS) process.off(name, stop);
  }
}

import { AnomalyError, EXIT, type ExitCode, messageOf } from "../errors/errors.js";
import { createLog, paintFor } from "./log.js";
import type { Streams } from "./streams.js";

/** Thrown to stop a run that a signal ended, once everything half-written is cleared away. */
export class Interrupted extends AnomalyError {
  constructor(signal: "SIGINT" | "SIGTERM") {
    super("interrupted", signal === "SIGINT" ? EXIT.interrupted : EXIT.terminated, `interrupted by ${signal}`);
  }
}

/** Tells what ended the run, in one sentence, and gives its exit status. */
export async function reportFailure(thrown: unknown, argv: readonly string[], streams: Streams): Promise<ExitCode> {
  if (thrown instanceof Interrupted) return thrown.exitCode;
  // The arguments may be what is wrong, so these two are looked for as they are.
  const verbose = argv.includes("--verbose") || argv.includes("-v");
  const format = /--log-format[= ]json\b/.test(argv.join(" ")) ? "json" : "text";
  const log = createLog(streams, { quiet: false, verbose, format }, await paintFor(streams, streams.stderrIsTerminal));
  if (thrown instanceof AnomalyError) {
    log.error(thrown.message, { code: thrown.code });
    for (let cause = thrown.cause; cause !== undefined; cause = cause instanceof Error ? cause.cause : undefined) {
      log.debug(`  because: ${messageOf(cause)}`);
    }
    return thrown.exitCode;
  }
  if (verbose) log.debug(thrown instanceof Error && thrown.stack !== undefined ? thrown.stack : String(thrown));
  const advice = verbose ? "" : "; run again with --verbose to see where";
  log.error(`internal error: ${messageOf(thrown).split("\n")[0]}${advice}`, { code: "internal" });
  return EXIT.failed;
}

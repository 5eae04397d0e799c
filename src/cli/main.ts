import { EXIT, type ExitCode } from "../errors/errors.js";
import { toolVersion } from "../files/tool-version.js";
import { type Streams, systemStreams } from "./streams.js";

/**
 * The whole program: arguments in, exit status out.
 *
 * Only what `--version` needs is imported here; all else is loaded when it is used, so that the small questions are
 * answered about as fast as Node itself starts.
 *
 * @param argv the arguments after the program's name.
 */
export async function main(argv: readonly string[], streams: Streams = systemStreams()): Promise<ExitCode> {
  if (argv[0] === "--version" || argv[0] === "-V") {
    await streams.out(`anomaly ${toolVersion()}\n`);
    return EXIT.ok;
  }
  const { guardedStreams } = await import("./guarded-streams.js");
  const guarded = guardedStreams(streams);
  try {
    const { run } = await import("./run.js");
    return await run(argv, guarded);
  } catch (thrown) {
    const { reportFailure } = await import("./failure.js");
    return reportFailure(thrown, argv, guarded);
  }
}

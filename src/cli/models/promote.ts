import { join } from "node:path";
import { EXIT, type ExitCode, UsageError } from "../../errors/errors.js";
import { lockPath, withLocks } from "../../files/lock.js";
import { promoteVersion } from "../../model/versions.js";
import type { CommandContext } from "../commands/spec.js";

/** `anomaly models promote <name> <version>`: the version is in use from the next run on, and the one before is kept. */
export async function promote(
  { options, streams, log }: CommandContext<"models">,
  name: string | undefined,
  version: string | undefined,
): Promise<ExitCode> {
  if (name === undefined || version === undefined) {
    throw new UsageError("arguments", "models promote needs a name and a version; anomaly models lists them");
  }
  const folder = options.modelsDir;
  return withLocks([lockPath(join(folder, name))], async () => {
    const { before, after } = promoteVersion(folder, name, version, streams.nowMs());
    if (before === after) log.info(`${name}: ${after} is in use already`);
    else log.info(`${name}: ${after} is in use; to undo: anomaly models promote ${name} ${before}`);
    if (options.json) await streams.out(`${JSON.stringify({ name, before, after })}\n`);
    return EXIT.ok;
  });
}

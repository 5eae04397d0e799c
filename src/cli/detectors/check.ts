import { checkDetector } from "../../detectors/check-detector.js";
import { isDetectorName, loadDetector, needsModel } from "../../detectors/registry.js";
import { EXIT, type ExitCode, UsageError } from "../../errors/errors.js";
import { count } from "../../wording/count.js";
import type { CommandContext } from "../commands/spec.js";

/** `anomaly detectors check <name or file>`: tries it against the contract of all detectors. Exit 1 where a promise is not kept. */
export async function checkOwn(
  { options, streams, log, signal }: CommandContext<"detectors">,
  text: string | undefined,
): Promise<ExitCode> {
  if (text === undefined) throw new UsageError("arguments", "detectors check needs a file, such as ./my-detector.js");
  if (!isDetectorName(text)) {
    throw new UsageError(
      "arguments",
      `"${text}" is no detector; give a name, or a path that begins with ./ and ends with .js`,
    );
  }
  if (needsModel(text))
    throw new UsageError("arguments", `${text} needs a model, and is tried by the tests of this project`);
  const results: { promise: string; failure: string | null }[] = [];
  for (const result of checkDetector(await loadDetector(text))) {
    signal.throwIfAborted();
    results.push(result);
    if (options.json) await streams.out(`${JSON.stringify(result)}\n`);
    else
      await streams.out(
        `${result.failure === null ? "ok  " : "FAIL"}  ${result.promise}${result.failure === null ? "" : `: ${result.failure}`}\n`,
      );
  }
  const failed = results.filter(({ failure }) => failure !== null).length;
  log.info(
    failed === 0
      ? `${text} keeps all ${count(results.length, "promise")}`
      : `${text} breaks ${failed} of ${count(results.length, "promise")}`,
  );
  return failed === 0 ? EXIT.ok : EXIT.failed;
}

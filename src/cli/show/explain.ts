import { EXIT, type ExitCode } from "../../errors/errors.js";
import { findRecord } from "../../records/find-record.js";
import { accountOf } from "../../report/account.js";
import { explainLines } from "../../report/terminal/explain-lines.js";
import { replay, replayedSentence } from "../../runs/replay-evidence.js";
import { checkTimezone } from "../../time/timezone.js";
import type { CommandContext } from "../commands/spec.js";
import { paintFor } from "../log.js";
import { inputRecords } from "../record-input.js";
import { usualRecords } from "../usual-records.js";

/** One run of `anomaly explain <id>`. */
export async function explain({ options, streams, positionals }: CommandContext<"explain">): Promise<ExitCode> {
  const [id, named] = positionals;
  const timezone = checkTimezone(options.timezone ?? "UTC");
  const input = await inputRecords(named, streams, usualRecords());
  const record = findRecord(input.records, id, input.name);
  const account = accountOf(record);
  const replayed =
    options.evidence === undefined ? undefined : await replay(record.id, options.evidence, options.modelsDir);
  const exitCode = replayed?.is_same === false ? EXIT.failed : EXIT.ok;
  if (options.json) {
    await streams.out(`${JSON.stringify(replayed === undefined ? account : { ...account, replayed })}\n`);
    return exitCode;
  }
  const paint = await paintFor(streams, streams.stdoutKind === "terminal");
  const lines = explainLines(account, record, { timezone, paint });
  if (replayed !== undefined) lines.push("", paint.bold("made once more"), `  ${replayedSentence(replayed)}`);
  await streams.out(lines.map((line) => `${line}\n`).join(""));
  return exitCode;
}

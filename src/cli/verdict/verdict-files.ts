import { EXIT, type ExitCode } from "../../errors/errors.js";
import { writeFileAtomic } from "../../files/atomic.js";
import { takeVerdictLines, verdictLines } from "../../store/verdict-lines.js";
import { count } from "../../wording/count.js";
import { escapeInvisible } from "../../wording/visible.js";
import type { CommandContext } from "../commands/spec.js";
import { withStore } from "../open-store.js";
import { readInput } from "../record-input.js";

/** Where verdicts are looked for when no file is named. */
const USUAL_VERDICTS = "verdicts.ndjson";

export async function exportVerdicts(context: CommandContext<"verdict">): Promise<ExitCode> {
  const { options, streams, log } = context;
  const lines = await withStore(context, async (store) => {
    const all: string[] = [];
    for await (const line of verdictLines(store)) all.push(escapeInvisible(line));
    return all;
  });
  if (options.output === undefined || options.output === "-") await streams.out(lines.join(""));
  else writeFileAtomic(options.output, lines.join(""));
  log.info(count(lines.length, "verdict"));
  return EXIT.ok;
}

export async function importVerdicts(context: CommandContext<"verdict">, file: string | undefined): Promise<ExitCode> {
  const { stdinKind } = context.streams;
  // Whoever starts it with an open pipe by accident would wait without a word.
  if (file === undefined && (stdinKind === "pipe" || stdinKind === "file")) {
    context.log.info("reading verdicts from stdin; name a file to read that instead");
  }
  const { text, name } = await readInput(file, context.streams, { path: USUAL_VERDICTS, command: "verdict export" });
  const taken = await withStore(context, (store) =>
    store.transaction((transaction) => takeVerdictLines(transaction, text, name)),
  );
  if (context.options.json) await context.streams.out(`${JSON.stringify({ new: taken })}\n`);
  context.log.info(`${count(taken, "new verdict")} from ${name}`);
  return EXIT.ok;
}

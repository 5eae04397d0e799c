import { EXIT, type ExitCode, UsageError } from "../../errors/errors.js";
import { findEpisode } from "../../store/find-episode.js";
import { giveVerdict, type Verdict } from "../../store/verdicts.js";
import { authorOf } from "../author.js";
import type { CommandContext } from "../commands/spec.js";
import { withStore } from "../open-store.js";
import { forest } from "./forest.js";
import { proposals } from "./proposals.js";
import { exportVerdicts, importVerdicts } from "./verdict-files.js";

const WORDS: readonly string[] = ["true", "false", "expected"] satisfies readonly Verdict[];

/** `anomaly verdict <id> <true|false|expected>`, `anomaly verdict proposals`, `anomaly verdict forest`, `anomaly verdict export`, `anomaly verdict import [file]`. */
export function verdict(context: CommandContext<"verdict">): Promise<ExitCode> {
  const [first, second] = context.positionals;
  if (first === "import") return importVerdicts(context, second);
  if (first === "forest" && second === undefined) return forest(context);
  if (first === "proposals") return proposals(context, second);
  if (first !== "export") return give(context, first, second);
  if (second !== undefined) {
    throw new UsageError("arguments", `verdict export cannot do anything with "${second}"; -o names a file`);
  }
  return exportVerdicts(context);
}

async function give(context: CommandContext<"verdict">, id: string, word: string | undefined): Promise<ExitCode> {
  const { options, streams, log } = context;
  if (word === undefined || !WORDS.includes(word)) {
    throw new UsageError(
      "arguments",
      `a verdict is true (a real problem), false (a false alarm) or expected; write anomaly verdict ${id} false`,
    );
  }
  const given = await withStore(context, async (store) => {
    const { id: episode, job } = await findEpisode(store, id);
    const said = { episode, job, verdict: word as Verdict, author: authorOf(context), note: options.note ?? null };
    return giveVerdict(store, said, streams.nowMs());
  });
  if (options.json) await streams.out(`${JSON.stringify(given)}\n`);
  log.info(`episode ${given.episode}: ${given.verdict}`);
  return EXIT.ok;
}

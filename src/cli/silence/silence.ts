import { randomBytes } from "node:crypto";
import { EXIT, type ExitCode, UsageError } from "../../errors/errors.js";
import { addSilence, endSilence, silencesAt } from "../../store/silences.js";
import { formatUtc } from "../../time/format.js";
import { checkTimezone } from "../../time/timezone.js";
import { formatIn } from "../../wording/moment.js";
import { authorOf } from "../author.js";
import type { CommandContext } from "../commands/spec.js";
import { withStore } from "../open-store.js";
import { printJson, printTable } from "../print-rows.js";
import { spanFrom } from "../span-from.js";

/** `anomaly silence add`, `list` and `rm <id>`. */
export function silence(context: CommandContext<"silence">): Promise<ExitCode> {
  const [word = "list", id] = context.positionals;
  if (word === "rm") return remove(context, id);
  if (id !== undefined) throw new UsageError("arguments", `silence ${word} cannot do anything with "${id}"`);
  return word === "add" ? add(context) : list(context);
}

async function add(context: CommandContext<"silence">): Promise<ExitCode> {
  const { options, streams, log } = context;
  if (options.match.length === 0) {
    throw new UsageError("match", "silence add needs what is silenced: --match machine=n2*; machine=* is everything");
  }
  const timezone = checkTimezone(options.timezone ?? "UTC");
  const { fromMs, untilMs } = spanFrom(options, { nowMs: streams.nowMs(), timezone });
  const made = {
    id: randomBytes(4).toString("hex"),
    matchers: [...options.match],
    from: formatUtc(fromMs),
    until: formatUtc(untilMs),
    author: authorOf(context),
    note: options.note ?? null,
  };
  await withStore(context, (store) => addSilence(store, made, streams.nowMs()));
  await streams.out(options.json ? `${JSON.stringify(made)}\n` : `${made.id}\n`);
  log.info(`silenced until ${formatIn(untilMs, timezone)}; anomaly silence rm ${made.id} ends it`);
  return EXIT.ok;
}

async function list(context: CommandContext<"silence">): Promise<ExitCode> {
  const { options, streams } = context;
  const timezone = checkTimezone(options.timezone ?? "UTC");
  const rows = await withStore(context, (store) =>
    options.all ? store.find("silences") : silencesAt(store, streams.nowMs(), { ahead: true }),
  );
  if (options.json) await printJson(rows, streams);
  else {
    const shown = rows.map(({ id, from, until, matchers, author, note }) => [
      id,
      formatIn(Date.parse(from), timezone),
      formatIn(Date.parse(until), timezone),
      matchers.join(" "),
      author ?? "-",
      note ?? "",
    ]);
    await printTable(["id", `from (${timezone})`, "until", "matchers", "author", "note"], shown, streams);
  }
  return EXIT.ok;
}

async function remove(context: CommandContext<"silence">, id: string | undefined): Promise<ExitCode> {
  if (id === undefined) throw new UsageError("arguments", "silence rm needs an id; anomaly silence list shows them");
  const isEnded = await withStore(context, (store) => endSilence(store, id, context.streams.nowMs()));
  if (!isEnded) {
    throw new UsageError(
      "arguments",
      `no silence ${id} is under way or ahead; anomaly silence list shows those that are`,
    );
  }
  context.log.info(`silence ${id} has ended`);
  return EXIT.ok;
}

import { randomBytes } from "node:crypto";
import { EXIT, type ExitCode, UsageError } from "../../errors/errors.js";
import { formatUtc } from "../../time/format.js";
import { checkTimezone } from "../../time/timezone.js";
import { formatIn } from "../../wording/moment.js";
import { authorOf } from "../author.js";
import type { CommandContext } from "../commands/spec.js";
import { withStore } from "../open-store.js";
import { printJson, printTable } from "../print-rows.js";
import { spanFrom } from "../span-from.js";

/** `anomaly event add`, `list` and `rm <id>`. */
export function event(context: CommandContext<"event">): Promise<ExitCode> {
  const [word = "list", id] = context.positionals;
  if (word === "rm") return remove(context, id);
  if (id !== undefined) throw new UsageError("arguments", `event ${word} cannot do anything with "${id}"`);
  return word === "add" ? add(context) : list(context);
}

/** A deployment is a moment: what begins within this time after it may come from it. */
const DEPLOY_MS = 60 * 60_000;

async function add(context: CommandContext<"event">): Promise<ExitCode> {
  const { options, streams, log } = context;
  const { eventKind: kind, match, note } = options;
  if (kind === undefined) throw new UsageError("kind", "event add needs --kind: deploy, maintenance or holiday");
  const timezone = checkTimezone(options.timezone ?? "UTC");
  const hasEnd = options.until !== undefined || options.silenceFor !== undefined;
  const given = kind === "deploy" && !hasEnd ? { ...options, silenceFor: DEPLOY_MS } : options;
  const { fromMs, untilMs } = spanFrom(given, { nowMs: streams.nowMs(), timezone });
  const made = {
    id: randomBytes(4).toString("hex"),
    kind,
    matchers: [...match],
    from: formatUtc(fromMs),
    until: formatUtc(untilMs),
    author: authorOf(context),
    note: note ?? null,
    source: "cli",
  };
  await withStore(context, (store) => store.transaction((transaction) => transaction.put("events", made)));
  await streams.out(options.json ? `${JSON.stringify(made)}\n` : `${made.id}\n`);
  log.info(
    `${kind} from ${formatIn(fromMs, timezone)} to ${formatIn(untilMs, timezone)}; anomaly event rm ${made.id} removes it`,
  );
  return EXIT.ok;
}

async function list(context: CommandContext<"event">): Promise<ExitCode> {
  const { options, streams } = context;
  const timezone = checkTimezone(options.timezone ?? "UTC");
  const rows = await withStore(context, (store) =>
    store.find("events", options.all ? {} : { fromMs: streams.nowMs() + 1 }),
  );
  if (options.json) await printJson(rows, streams);
  else {
    const shown = rows.map(({ id, kind, from, until, matchers, author, note }) => [
      id,
      kind,
      formatIn(Date.parse(from), timezone),
      formatIn(Date.parse(until), timezone),
      matchers.join(" ") || "*",
      author ?? "-",
      note ?? "",
    ]);
    await printTable(["id", "kind", `from (${timezone})`, "until", "matchers", "author", "note"], shown, streams);
  }
  return EXIT.ok;
}

async function remove(context: CommandContext<"event">, id: string | undefined): Promise<ExitCode> {
  if (id === undefined) throw new UsageError("arguments", "event rm needs an id; anomaly event list --all shows them");
  const isGone = await withStore(context, (store) =>
    store.transaction((transaction) => transaction.remove("events", id)),
  );
  if (!isGone)
    throw new UsageError("arguments", `there is no event ${id}; anomaly event list --all shows those there are`);
  context.log.info(`event ${id} is removed`);
  return EXIT.ok;
}

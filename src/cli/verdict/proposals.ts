import { randomBytes } from "node:crypto";
import { EXIT, type ExitCode, InputError } from "../../errors/errors.js";
import { recordOf } from "../../store/episodes.js";
import { episodesWithVerdict, judgedOf } from "../../store/judged.js";
import type { Reading } from "../../store/store.js";
import { type EventProposal, eventProposals } from "../../verdicts/proposals.js";
import { formatIn } from "../../wording/moment.js";
import { authorOf } from "../author.js";
import type { CommandContext } from "../commands/spec.js";
import { withStore } from "../open-store.js";
import { printJson, printTable } from "../print-rows.js";

/** `anomaly verdict proposals`: the events that would announce what is expected; with the id of an episode, adds its event. */
export function proposals(context: CommandContext<"verdict">, id: string | undefined): Promise<ExitCode> {
  return id === undefined ? list(context) : take(context, id);
}

async function list(context: CommandContext<"verdict">): Promise<ExitCode> {
  const { options, streams, log } = context;
  const found = await withStore(context, (store) => proposedIn(store, streams.nowMs()));
  if (options.json) await printJson(found, streams);
  else {
    const shown = found.map(({ episode, kind, from, until, matchers, note }) => [
      episode,
      kind,
      formatIn(Date.parse(from), "UTC"),
      formatIn(Date.parse(until), "UTC"),
      matchers.join(" "),
      note ?? "",
    ]);
    await printTable(["episode", "kind", "from (UTC)", "until", "matchers", "note"], shown, streams);
  }
  if (found.length > 0) log.info(`anomaly verdict proposals ${found[0].episode} adds the first as an event`);
  return EXIT.ok;
}

async function take(context: CommandContext<"verdict">, id: string): Promise<ExitCode> {
  const { options, streams, log } = context;
  const made = await withStore(context, (store) =>
    store.transaction(async (transaction) => {
      const found = (await proposedIn(transaction, streams.nowMs())).filter(({ episode }) => episode.startsWith(id));
      if (found.length !== 1) {
        throw new InputError(
          "episode",
          `${found.length === 0 ? "no proposal is" : `${found.length} proposals are`} of an episode ${JSON.stringify(id.slice(0, 100))}; anomaly verdict proposals lists them`,
        );
      }
      const [{ kind, matchers, from, until, note }] = found;
      const row = {
        id: randomBytes(4).toString("hex"),
        kind,
        matchers: [...matchers],
        from,
        until,
        author: authorOf(context),
        note,
        source: "verdict",
        episode: found[0].episode,
      };
      await transaction.put("events", row);
      return row;
    }),
  );
  await streams.out(options.json ? `${JSON.stringify(made)}\n` : `${made.id}\n`);
  log.info(`maintenance from ${made.from} to ${made.until}; anomaly event rm ${made.id} removes it`);
  return EXIT.ok;
}

/** Those that nobody has taken yet. */
async function proposedIn(reading: Reading, nowMs: number): Promise<readonly EventProposal[]> {
  const expected = (await episodesWithVerdict(reading)).map(({ row, verdict }) => ({
    ...judgedOf(row, verdict),
    end: row.end,
    stepMs: recordOf(row).step_s * 1000,
  }));
  const taken = new Set(
    (await reading.find("events", { fromMs: nowMs })).map((event) => `${event["episode"]} ${event.from}`),
  );
  return eventProposals(expected, nowMs).filter(({ episode, from }) => !taken.has(`${episode} ${from}`));
}

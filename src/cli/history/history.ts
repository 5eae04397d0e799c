import { EXIT, type ExitCode, UsageError } from "../../errors/errors.js";
import { parseMatchers } from "../../records/matcher.js";
import { checkOrder, moment } from "../../runs/moments.js";
import { pastEpisodes } from "../../store/history.js";
import { checkTimezone } from "../../time/timezone.js";
import { count } from "../../wording/count.js";
import type { CommandContext } from "../commands/spec.js";
import { withStore } from "../open-store.js";
import { printJson, printTable } from "../print-rows.js";
import { csvOf, HEAD, hasConfidence, jsonOf, tableRow } from "./history-rows.js";
import { oneEpisode } from "./one-episode.js";

/** One run of `anomaly history`: the episodes of the store, or all that is known of one. */
export async function history(context: CommandContext<"history">): Promise<ExitCode> {
  const { options, streams, positionals, log } = context;
  const timezone = checkTimezone(options.timezone ?? "UTC");
  const [id] = positionals;
  if (id !== undefined) return oneEpisode(context, id, timezone);
  const instant = { nowMs: streams.nowMs(), timezone };
  const fromMs = moment("--from", options.from, instant);
  const untilMs = moment("--until", options.until, instant);
  checkOrder(fromMs, untilMs);
  if (options.json && options.historyFormat === "csv") {
    throw new UsageError("format", "--json and --format csv both say how to print; give one of them");
  }
  const { found, place } = await withStore(context, async (store) => ({
    place: store.place,
    found: await pastEpisodes(store, {
      matchers: parseMatchers(options.match),
      kinds: options.episodeKind,
      verdicts: options.withVerdict,
      fromMs,
      untilMs,
      openOnly: options.openOnly,
      limit: options.limit,
    }),
  }));
  const withConfidence = found.some(hasConfidence);
  if (options.json || options.historyFormat === "json") await printJson(found.map(jsonOf), streams);
  else if (options.historyFormat === "csv") await streams.out(csvOf(found));
  else
    await printTable(
      HEAD(timezone, withConfidence),
      found.map((one) => tableRow(one, timezone, withConfidence)),
      streams,
    );
  log.info(`${count(found.length, "episode")} in ${place}`);
  return EXIT.ok;
}

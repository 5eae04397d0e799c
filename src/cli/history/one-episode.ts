import { EXIT, type ExitCode } from "../../errors/errors.js";
import type { Adjustment, LikeFalseAlarms } from "../../records/verdict-effects.js";
import { aligned } from "../../report/terminal/aligned.js";
import { historyOf } from "../../store/episodes.js";
import { findEpisode } from "../../store/find-episode.js";
import type { ChangeRow, VerdictRow } from "../../store/rows.js";
import { newestVerdict } from "../../store/verdicts.js";
import { count } from "../../wording/count.js";
import { formatIn } from "../../wording/moment.js";
import { visible } from "../../wording/visible.js";
import type { CommandContext } from "../commands/spec.js";
import { withStore } from "../open-store.js";
import { HEAD, hasConfidence, jsonOf, tableRow } from "./history-rows.js";

/** `anomaly history <id>`: the episode, what has changed of it, and what people said, in the order of time. */
export async function oneEpisode(context: CommandContext<"history">, id: string, timezone: string): Promise<ExitCode> {
  const { options, streams } = context;
  const { found, changes, verdicts } = await withStore(context, async (store) => {
    const row = await findEpisode(store, id);
    return {
      found: { row, verdict: await newestVerdict(store, row.id) },
      changes: await historyOf(store, row.id),
      verdicts: await store.find("verdicts", { where: { episode: row.id } }),
    };
  });
  if (options.json || options.historyFormat === "json") {
    await streams.out(`${JSON.stringify({ ...jsonOf(found), changes, verdicts }, null, 2)}\n`);
    return EXIT.ok;
  }
  const withConfidence = hasConfidence(found);
  const past = [
    ...changes.map((change) => ({ at: change.at, words: changeWords(change) })),
    ...verdicts.map((one) => ({ at: one.at, words: verdictWords(one) })),
  ].sort((a, b) => Date.parse(a.at) - Date.parse(b.at));
  const lines = [
    ...aligned([HEAD(timezone, withConfidence), tableRow(found, timezone, withConfidence).map(visible)]),
    "",
    ...aligned(past.map(({ at, words }) => [formatIn(Date.parse(at), timezone), visible(words)])),
  ];
  await streams.out(`${lines.join("\n")}\n`);
  return EXIT.ok;
}

function changeWords({ change, was, now }: ChangeRow): string {
  switch (change) {
    case "opened":
      return `opened: ${now}`;
    case "closed":
      return `closed: ended ${now}`;
    case "reopened":
      return "opened again";
    case "kind_changed":
      return `kind: ${was} is now ${now}`;
    case "severity_raised":
    case "severity_lowered":
      return `severity: ${was} is now ${now}`;
    case "adjusted":
      return now === null ? "not held back any more" : heldBackWords(JSON.parse(now));
  }
}

function heldBackWords(by: Partial<Adjustment>): string {
  if (by.kind === "confidence") return `held back with a confidence of ${by.confidence}, below ${by.least}`;
  // A change of an older writer may say less.
  const { limit, points = 0, verdicts } = by as Partial<LikeFalseAlarms>;
  const ids = verdicts?.map(({ episode }) => episode).join(", ");
  return ids === undefined
    ? "held back"
    : `held back below ${limit} and up to ${count(points, "slot")} by the verdict on ${ids}`;
}

function verdictWords({ verdict, author, note }: VerdictRow): string {
  return `verdict: ${verdict}${author === null ? "" : ` by ${author}`}${note === null ? "" : `: ${note}`}`;
}

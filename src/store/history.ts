import { type Matcher, matchesAll } from "../records/matcher.js";
import { eachRow } from "./each-row.js";
import { recordOf } from "./episodes.js";
import type { EpisodeRow, VerdictRow } from "./rows.js";
import type { Reading } from "./store.js";
import { countingVerdicts, type Verdict } from "./verdicts.js";

export interface HistoryQuery {
  readonly matchers: readonly Matcher[];
  /** Of these kinds; none: of all. */
  readonly kinds: readonly string[];
  /** With one of these verdicts, or `none`; none given: whatever was said. */
  readonly verdicts: readonly (Verdict | "none")[];
  /** Episodes that touch this span, epoch ms. */
  readonly fromMs?: number;
  readonly untilMs?: number;
  readonly openOnly: boolean;
  readonly limit?: number;
}

/** An episode with the verdict that counts. */
export interface PastEpisode {
  readonly row: EpisodeRow;
  readonly verdict: VerdictRow | undefined;
}

/** The episodes that a query finds, newest first. */
export async function pastEpisodes(reading: Reading, query: HistoryQuery): Promise<readonly PastEpisode[]> {
  const { matchers, kinds, verdicts, fromMs, untilMs, openOnly, limit = Number.POSITIVE_INFINITY } = query;
  const said = await countingVerdicts(reading);
  const found: PastEpisode[] = [];
  const rows = eachRow(reading, "episodes", {
    order: "newest",
    where: { ...(kinds.length > 0 && { kind: kinds }), ...(openOnly && { status: "open" }) },
    ...(untilMs !== undefined && { untilMs }),
  });
  for await (const row of rows) {
    if (found.length >= limit) break;
    const verdict = said.get(row.id);
    if (fromMs !== undefined && row.status === "closed" && Date.parse(row.end) <= fromMs) continue;
    if (verdicts.length > 0 && !verdicts.includes(verdict?.verdict ?? "none")) continue;
    if (matchesAll(matchers, recordOf(row))) found.push({ row, verdict });
  }
  return found;
}
